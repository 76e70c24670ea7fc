import { useLingui } from "@lingui/react";
import { Alert, Button, Modal, Stack } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { errorText } from "#pwa/language/error-text.ts";
import classes from "./dialog-form.module.css";
import { type KeptForm, KeptLine } from "./kept-form.tsx";

interface DialogFormProps {
  readonly title: string;
  readonly submit: string;
  /** A step that shuts something or somebody out. */
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Two things stand beside each other in it. */
  readonly wide?: boolean;
  /** What is typed in it; absent where nothing is, or only secrets are. */
  readonly kept?: KeptForm;
  readonly onClose: () => void;
  /** What was typed stays when this fails, with the reason above it. */
  readonly onSubmit: () => Promise<void>;
  readonly children: ReactNode;
}

/** A question with a form: it closes only after the clinic has taken the answer. */
export function DialogForm({
  title,
  submit,
  danger,
  disabled,
  wide,
  kept,
  onClose,
  onSubmit,
  children,
}: DialogFormProps) {
  const { i18n } = useLingui();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await onSubmit();
    } catch (error) {
      setFailure(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      centered
      size={wide ? "56rem" : "lg"}
      classNames={{ body: classes.body ?? "" }}
      closeButtonProps={{ "aria-label": i18n._("Close"), size: 44 }}
    >
      <form onSubmit={send}>
        <Stack gap="md">
          {failure && (
            <Alert color="red" icon={<IconAlertCircle aria-hidden />} role="alert" variant="light">
              {failure}
            </Alert>
          )}
          {kept && <KeptLine kept={kept} />}
          {children}
          <div className={classes.end}>
            <Button variant="default" onClick={onClose}>
              {i18n._("Cancel")}
            </Button>
            <Button
              type="submit"
              loading={busy}
              disabled={disabled ?? false}
              {...(danger ? { color: "red" } : {})}
            >
              {submit}
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** One of a few, in the device's own list. */
export function Choice({ label, value, onChange, options }: ChoiceProps) {
  return (
    <label className={classes.choice}>
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TickProps {
  readonly label: string;
  /** What it means, where the label is a code. */
  readonly detail?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** One of several that may be taken together. */
export function Tick({ label, detail, checked, onChange }: TickProps) {
  return (
    <label className={classes.tick}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {detail && <span className={classes.detail}>{detail}</span>}
      </span>
    </label>
  );
}
