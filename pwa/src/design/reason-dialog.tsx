import { useLingui } from "@lingui/react";
import { Button, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { clinicalText } from "./clinical-text.ts";
import { DialogForm } from "./dialog-form.tsx";
import { type KeptPlace, useKept, useKeptForm } from "./kept-form.tsx";

/** Characters below which a reason says nothing. */
const SHORTEST = 3;

interface ReasonDialogProps {
  readonly title: string;
  readonly submit: string;
  /** What then becomes of it. */
  readonly children: ReactNode;
  /** A reason that is given often. */
  readonly usual?: string;
  readonly danger?: boolean;
  readonly place: KeptPlace;
  readonly onClose: () => void;
  readonly onReason: (reason: string) => Promise<void>;
}

/** Asks why, before something is taken away or set aside. */
export function ReasonDialog({ children, usual, place, onClose, onReason, ...dialog }: ReasonDialogProps) {
  const { i18n } = useLingui();
  const kept = useKeptForm(place);
  const [reason, setReason] = useKept(kept, "reason", "");
  return (
    <DialogForm
      {...dialog}
      disabled={reason.trim().length < SHORTEST}
      kept={kept}
      onClose={kept.closing(onClose)}
      onSubmit={async () => {
        await onReason(reason.trim());
        kept.end();
      }}
    >
      {children}
      {usual && (
        <Button variant="default" onClick={() => setReason(usual)}>
          {usual}
        </Button>
      )}
      <TextInput
        label={i18n._("Reason")}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
        {...clinicalText}
      />
    </DialogForm>
  );
}
