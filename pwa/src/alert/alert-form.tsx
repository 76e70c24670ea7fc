import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import type { Alert } from "#domain/alert/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useOpenEncounter } from "#pwa/encounter/index.ts";
import { mutate, useRows } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { alertKindText } from "./alert-words.ts";

const kinds = ["safety", "code-status", "communication"] as const;
const usual: Record<Alert["kind"], readonly string[]> = {
  safety: ["Fall risk", "Bleeding risk (anticoagulated)", "Difficult airway", "Seizure risk", "Pregnant"],
  "code-status": [
    "Full code",
    "Do not resuscitate",
    "Do not resuscitate, do not intubate",
    "Comfort care only",
  ],
  communication: [
    "Hard of hearing",
    "Low vision",
    "Sign language interpreter",
    "Lip-reads: face the patient",
  ],
};

/** One new code status replaces the one before. */
export function AlertForm({
  patientId,
  onClose,
}: {
  readonly patientId: string;
  readonly onClose: () => void;
}) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const encounterId = useOpenEncounter(patientId);
  const { rows } = useRows("alert", { where: { patientId, active: true, kind: "code-status" } });
  const kept = useKeptForm({ form: "alert", patientId });
  const close = kept.closing(onClose);
  const [kind, setKind] = useKept<Alert["kind"]>(kept, "kind", "safety");
  const [text, setText] = useKept(kept, "text", "");
  const save = () =>
    saving.save(async () => {
      const id = newId();
      await mutate("alert.add", { id, patientId, encounterId, kind, text: text.trim() });
      const replaced = kind === "code-status" ? rows : [];
      for (const one of replaced) await mutate("alert.end", { id: one.id, patientId });
      say(
        i18n._("{text} added", { text: text.trim() }),
        replaced.length === 0 ? () => mutate("alert.end", { id, patientId }) : null,
      );
      close();
    });
  return (
    <PatientSheet patientId={patientId} title={i18n._("Add alert")} onClose={close}>
      <SheetForm
        saving={saving}
        label={i18n._("Add alert")}
        kept={kept}
        onCancel={close}
        onSave={() => void save()}
        missing={text.trim() === "" ? i18n._("Say what must be known") : null}
      >
        <Choices
          label={i18n._("Kind")}
          options={kinds.map((value) => ({ value, label: alertKindText(i18n, value) }))}
          value={[kind]}
          onChange={([value]) => {
            setKind(value ?? "safety");
            setText("");
          }}
        />
        <Choices
          label={i18n._("Usual")}
          options={usual[kind].map((value) => ({ value, label: value }))}
          value={[text]}
          onChange={([value]) => setText(value ?? "")}
        />
        <TextInput
          label={i18n._("What must be known first")}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          {...clinicalText}
        />
        {kind === "code-status" && rows[0] && (
          <p style={{ margin: 0 }}>{i18n._("It replaces “{text}”.", { text: rows[0].text })}</p>
        )}
      </SheetForm>
    </PatientSheet>
  );
}
