import { useLingui } from "@lingui/react";
import { Textarea } from "@mantine/core";
import { useState } from "react";
import {
  type BreakGlassReason,
  breakGlassLimits,
  breakGlassReasons,
  breakGlassSchema,
} from "#domain/break-glass/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { Choices } from "#pwa/design/choices.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { ask, local } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import classes from "./break-glass.module.css";
import { reasonText } from "./reason-text.ts";

interface BreakGlassSheetProps {
  readonly patientId: string;
  readonly onClose: () => void;
}

/** Reason, words and password open one restricted chart for an hour. The clinic decides; nothing is opened without it. */
export function BreakGlassSheet({ patientId, onClose: onLeave }: BreakGlassSheetProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const kept = useKeptForm({ form: "break-glass", patientId });
  const [reason, setReason] = useKept<BreakGlassReason | null>(kept, "reason", null);
  const [words, setWords] = useKept(kept, "words", "");
  const [password, setPassword] = useState("");
  // Asked again after a lost reply, it is the same one.
  const [id] = useState(newId);
  const onClose = kept.closing(onLeave);
  const missing =
    reason === null
      ? i18n._("Choose a reason.")
      : words.trim().length < 3
        ? i18n._("Say in a few words why.")
        : password === ""
          ? i18n._("Your password is needed.")
          : null;
  const save = async () => {
    const opened = await saving.save(async () => {
      const body = { id, reason, words: words.trim(), password };
      const path = `/api/patients/${patientId}/break-glass`;
      await ask(path, { method: "POST", body, answer: breakGlassSchema });
      await local().syncNow();
    });
    if (opened) onClose();
    else setPassword("");
  };
  return (
    <PatientSheet patientId={patientId} title={i18n._("Break the glass")} onClose={onClose}>
      <SheetForm
        saving={saving}
        label={i18n._("{minutes, plural, one {Open for # minute} other {Open for # minutes}}", {
          minutes: breakGlassLimits.minutes,
        })}
        tone="danger"
        kept={kept}
        missing={missing}
        onCancel={onClose}
        onSave={() => void save()}
      >
        <div className={classes.fields}>
          <p>
            {i18n._(
              "The chart opens on this tablet alone. The privacy officer is told at once, reads your reason and sees what you open and change.",
            )}
          </p>
          <Choices
            label={i18n._("Why is it needed?")}
            options={breakGlassReasons.map((value) => ({ value, label: reasonText(i18n, value) }))}
            value={reason}
            onChange={setReason}
          />
          <Textarea
            size="md"
            label={i18n._("In your words")}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
          />
          <SecretInput
            label={i18n._("Your password, once more")}
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </div>
      </SheetForm>
    </PatientSheet>
  );
}
