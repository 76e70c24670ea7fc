import { useLingui } from "@lingui/react";
import { Textarea } from "@mantine/core";
import { newId } from "#domain/kernel/id.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { handoverKind } from "#domain/sync/review.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { mutate } from "#pwa/local/index.ts";
import { staffText } from "#pwa/staff/index.ts";
import { useColleagues } from "./colleagues.ts";
import classes from "./waiting.module.css";

interface HandOverDialogProps {
  /** What the clinic refused. */
  readonly mutation: PushedMutation;
  readonly patientId: string | null;
  /** Of a try that the clinic refused: what was written to whom. */
  readonly before?: { readonly toId: string; readonly words: string } | null;
  readonly onClose: () => void;
  /** Once it is durably in the queue. */
  readonly onHanded?: () => Promise<unknown>;
}

/** Who gets it, and a few words with it. It goes to the clinic like any other work, also from offline. */
export function HandOverDialog({ mutation, patientId, before, onClose, onHanded }: HandOverDialogProps) {
  const { i18n } = useLingui();
  const colleagues = useColleagues(mutation.name, patientId);
  const kept = useKeptForm({ form: "handover", patientId: patientId ?? undefined, of: mutation.id });
  const close = kept.closing(onClose);
  const [toId, setToId] = useKept(kept, "toId", before?.toId ?? "");
  const [words, setWords] = useKept(kept, "words", before?.words ?? "");
  const chosen = colleagues.some(({ id }) => id === toId);
  return (
    <DialogForm
      title={i18n._("Hand to a colleague")}
      submit={i18n._("Hand over")}
      disabled={!chosen}
      kept={kept}
      onClose={close}
      onSubmit={async () => {
        await mutate("handover.give", {
          id: newId(),
          toId,
          kind: handoverKind(mutation),
          mutation,
          words: words.trim(),
        });
        await onHanded?.();
        close();
      }}
    >
      {colleagues.length === 0 ? (
        <p className={classes.words}>{i18n._("No colleague may decide about this.")}</p>
      ) : (
        <>
          <p className={classes.words}>
            {i18n._(
              "It stays yours: if it is taken over, your name stands in the record. You can take it back until then.",
            )}
          </p>
          <Choices
            label={i18n._("Who decides")}
            options={colleagues.map((person) => ({ value: person.id, label: staffText(person) }))}
            value={[toId]}
            onChange={([id]) => id && setToId(id)}
          />
          <Textarea
            label={i18n._("A few words (optional)")}
            maxLength={500}
            autosize
            minRows={2}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            {...clinicalText}
          />
        </>
      )}
    </DialogForm>
  );
}
