import { useLingui } from "@lingui/react";
import { Button, Textarea } from "@mantine/core";
import { IconSignature } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { newId } from "#domain/kernel/id.ts";
import { emptyContent, type Note, nurseTemplates, revisionHash, sectionText } from "#domain/note/index.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { sayDone } from "#pwa/design/undo-bar.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { mutate } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";

interface NurseNoteSheetProps {
  readonly patientId: string;
  readonly encounterId: string;
  /** A draft to go on with; absent for a new note. */
  readonly note?: Note;
  /** Starts the visit where that has not happened yet. */
  readonly onStart: () => Promise<void>;
  readonly onClose: () => void;
}

/** An injection, a blood pressure check, a phone call: written and signed by the nurse who did it (C10). */
export function NurseNoteSheet({ patientId, encounterId, note, onStart, onClose }: NurseNoteSheetProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const [text, setText] = useState(note ? sectionText(note.content.subjective) : "");
  const ids = useRef({ note: note?.id ?? newId(), revision: note?.revisionId ?? null });
  const written = useRef(text);
  const content = () => ({
    ...emptyContent(),
    subjective: [{ text: text.trim(), origin: "typed" as const }],
  });

  const keep = async () => {
    if (ids.current.revision && written.current === text) return;
    await onStart();
    const revisionId = newId();
    await mutate("note.revise", {
      id: ids.current.note,
      encounterId,
      patientId,
      revisionId,
      base: ids.current.revision,
      content: content(),
      changed: ["subjective"],
      kind: "nurse",
    });
    ids.current.revision = revisionId;
    written.current = text;
  };
  const draft = () =>
    saving.save(async () => {
      await keep();
      sayDone(i18n._("Draft kept"));
      onClose();
    });
  const sign = () =>
    saving.save(async () => {
      await keep();
      await mutate("note.signNurseNote", {
        id: ids.current.note,
        revisionId: ids.current.revision!,
        hash: revisionHash(
          ids.current.note,
          note && written.current === sectionText(note.content.subjective) ? note.content : content(),
        ),
      });
      sayDone(i18n._("Nurse note signed"));
      onClose();
    });
  const empty = text.trim() === "";
  return (
    <PatientSheet patientId={patientId} title={i18n._("Nurse note")} onClose={onClose}>
      <SheetForm
        saving={saving}
        label={i18n._("Sign")}
        onCancel={onClose}
        onSave={() => void sign()}
        missing={empty ? i18n._("Write something first") : null}
      >
        {empty && (
          <Choices
            label={i18n._("Begin with")}
            options={nurseTemplates.map(({ id, title }) => ({ value: id, label: title }))}
            value={[]}
            onChange={([id]) => setText(nurseTemplates.find((one) => one.id === id)?.text ?? "")}
          />
        )}
        <Textarea
          label={i18n._("Nurse note")}
          size="md"
          rows={10}
          maxLength={20_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
          {...clinicalText}
        />
        <Button variant="light" disabled={empty} onClick={() => void draft()}>
          {i18n._("Keep as a draft")}
        </Button>
        <p style={{ margin: 0, display: "flex", gap: "0.5rem", color: "var(--ink-soft)" }}>
          <IconSignature size={20} aria-hidden />
          {i18n._("Signing seals it exactly as it stands here.")}
        </p>
      </SheetForm>
    </PatientSheet>
  );
}
