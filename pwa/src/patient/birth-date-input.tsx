import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { dateIn } from "#domain/kernel/instant.ts";
import { ageText, birthDateText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import { typedBirthDate } from "./birth-date.ts";

interface BirthDateInputProps {
  readonly label: string;
  readonly typed: string;
  readonly required?: boolean;
  readonly error?: string | null;
  readonly onChange: (typed: string) => void;
}

/** A date typed in whatever common way; what was understood stands below it before anything is saved. */
export function BirthDateInput({ label, typed, required, error, onChange }: BirthDateInputProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const today = dateIn(practice?.zone ?? "UTC");
  const date = typedBirthDate(typed, today);
  const understood = date
    ? i18n._("{date} · {age}", { date: birthDateText(date), age: ageText(date, today) })
    : i18n._("For example 3/9/1961 or 9 Mar 1961");
  return (
    <TextInput
      label={label}
      required={required ?? false}
      withAsterisk={false}
      value={typed}
      error={error}
      description={understood}
      inputWrapperOrder={["label", "input", "description", "error"]}
      autoComplete="off"
      inputMode="text"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
