import { useLingui } from "@lingui/react";
import { Textarea } from "@mantine/core";
import { IconSignature } from "@tabler/icons-react";
import { useState } from "react";
import { newId } from "#domain/kernel/id.ts";
import { type Note, sectionText } from "#domain/note/index.ts";
import { nurseTemplates } from "#domain/note/note-templates.ts";
import { storableText } from "#domain/sync/storable.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useOpenEncounter } from "#pwa/encounter/index.ts";
import { useRow } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import classes from "./note.module.css";
import { SaveState } from "./save-state.tsx";
import { useNoteDraft } from "./use-note-draft.ts";

interface NurseNoteSheetProps {
  readonly patientId: string;
  /** A draft to go on with; absent for a new note. */
  readonly note?: Note;
  readonly onClose: () => void;
}

/**
 * An injection, a blood pressure check, a phone call: written and signed by the nurse who did it (C10). It belongs to the
 * visit that is under way, or to none. Every pause saves it, so that closing or a crash leaves a draft.
 */
export function NurseNoteSheet({ patientId, note: given, onClose }: NurseNoteSheetProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const open = useOpenEncounter(patientId);
  const [noteId] = useState(() => given?.id ?? newId());
  const { row, mark } = useRow("note", noteId);
  const note = row ?? given;
  const encounterId = note ? note.encounterId : open;
  const draft = useNoteDraft({ note, noteId, kind: "nurse", encounterId, patientId });
  const text = sectionText(draft.content.subjective);
  const empty = text.trim() === "";
  const write = (words: string) =>
    draft.write("subjective", words === "" ? [] : [{ text: storableText(words), origin: "typed" }]);
  const sign = () =>
    saving.save(async () => {
      await draft.sign();
      say(i18n._("Nurse note signed"));
      onClose();
    });
  const close = () => {
    if (!empty) say(i18n._("Kept as a draft"));
    onClose();
  };
  return (
    <PatientSheet patientId={patientId} title={i18n._("Nurse note")} onClose={close}>
      <SheetForm
        saving={{ ...saving, failure: saving.failure ?? draft.failure }}
        label={i18n._("Sign")}
        onCancel={close}
        cancelLabel={i18n._("Close")}
        onSave={() => void sign()}
        missing={empty ? i18n._("Write something first") : null}
      >
        {empty && (
          <Choices
            label={i18n._("Begin with")}
            options={nurseTemplates.map(({ id, title }) => ({ value: id, label: title }))}
            value={[]}
            onChange={([id]) => write(nurseTemplates.find((one) => one.id === id)?.text ?? "")}
          />
        )}
        <Textarea
          label={i18n._("Nurse note")}
          size="md"
          rows={10}
          maxLength={20_000}
          value={text}
          onChange={(event) => write(event.currentTarget.value)}
          data-autofocus
          {...clinicalText}
        />
        <div className={classes.saveLine}>
          <SaveState state={draft.state} mark={row && mark} />
          <span>
            {encounterId === null ? i18n._("It belongs to no visit.") : i18n._("It belongs to the visit.")}
          </span>
        </div>
        <p className={classes.signature} style={{ display: "flex", gap: "0.5rem" }}>
          <IconSignature size={20} aria-hidden />
          {i18n._("Signing seals it exactly as it stands here.")}
        </p>
      </SheetForm>
    </PatientSheet>
  );
}
