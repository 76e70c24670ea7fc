import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./account.module.css";

interface CodeFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  /** Six digits of the app, or a recovery code with letters. */
  readonly kind: "totp" | "recovery";
  readonly value: string;
  readonly autoFocus?: boolean;
  readonly onChange: (value: string) => void;
}

/** A code as it is typed, pasted or filled in by the device; the clinic reads it with spaces and hyphens, too. */
export function CodeField({ label, description, kind, value, autoFocus, onChange }: CodeFieldProps) {
  return (
    <TextInput
      label={label}
      description={description}
      name="one-time-code"
      autoComplete="one-time-code"
      inputMode={kind === "totp" ? "numeric" : "text"}
      autoCapitalize={kind === "totp" ? "none" : "characters"}
      autoCorrect="off"
      spellCheck={false}
      required
      withAsterisk={false}
      maxLength={40}
      classNames={{ input: classes.code ?? "" }}
      data-autofocus={autoFocus || undefined}
      {...(autoFocus ? { autoFocus } : {})}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
