import { useLingui } from "@lingui/react";
import { Button, Textarea } from "@mantine/core";
import { IconFileOff, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { newId } from "#domain/kernel/id.ts";
import type { Note } from "#domain/note/index.ts";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { ReasonForm } from "#pwa/design/fact-parts.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { mutate, useRows, useSession } from "#pwa/local/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { PatientSheet } from "#pwa/patient/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import classes from "./note.module.css";

/** Characters; what is put in to begin with may be longer. */
const LONGEST = 20_000;

/** Says over a note that it does not count (C06). */
export function InErrorBox({ note }: { readonly note: Note }) {
  const { i18n } = useLingui();
  if (!note.enteredInError) return null;
  return (
    <div className={classes.inError}>
      <strong>{i18n._("Entered in error: this note does not count")}</strong>
      <p>{note.enteredInError.reason}</p>
      <p>
        <WhoWhen by={note.enteredInError.by} at={note.enteredInError.at} />
      </p>
    </div>
  );
}

/** What comes after a signature: addenda by any clinician (C09), and the author's mark that it was an error (C06). */
export function NoteAfterwards({ note, boxed = false }: { readonly note: Note; readonly boxed?: boolean }) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const may = useMay();
  const [step, setStep] = useState<"addendum" | "error" | null>(null);
  const { rows } = useRows("addendum", { where: { noteId: note.id }, sort: "at" });
  if (note.status !== "signed") return null;
  const { id, patientId } = note;
  const mayRetract = may("note:retract") && note.authorId === user?.id && !note.enteredInError;
  const retract = async (reason: string) => {
    await mutate("note.retract", { id, patientId, reason });
    setStep(null);
  };
  if (rows.length === 0 && !may("note:addend") && !mayRetract) return null;
  return (
    <div className={boxed ? classes.note : classes.afterwards}>
      {rows.map((one) => (
        <section key={one.id} className={classes.addendum} aria-label={i18n._("Addendum")}>
          <p className={classes.signature}>
            <strong>{i18n._("Addendum")}</strong> · <WhoWhen by={one.authorId} at={one.at} />{" "}
            <RecordMark id={one.id} />
          </p>
          <p className={classes.addendumText}>{one.text}</p>
        </section>
      ))}
      <div className={classes.afterActions}>
        {may("note:addend") && (
          <Button
            variant="light"
            leftSection={<IconPlus size={20} aria-hidden />}
            onClick={() => setStep("addendum")}
          >
            {i18n._("Write an addendum")}
          </Button>
        )}
        {mayRetract && (
          <Button
            variant="subtle"
            color="red"
            leftSection={<IconFileOff size={20} aria-hidden />}
            onClick={() => setStep("error")}
          >
            {i18n._("Entered in error")}
          </Button>
        )}
      </div>
      {step === "addendum" && <AddendumSheet note={note} onClose={() => setStep(null)} />}
      {step === "error" && (
        <PatientSheet
          patientId={patientId}
          title={i18n._("Mark this note as entered in error")}
          onClose={() => setStep(null)}
        >
          <p>
            {i18n._(
              "The text stays readable, barred. It no longer counts in summaries, exports or drafts. This cannot be taken back; write a new note on the right patient.",
            )}
          </p>
          <ReasonForm
            place={{ form: "note.retract", patientId, of: id }}
            question={i18n._("What is wrong with it?")}
            usual={[i18n._("Wrong patient"), i18n._("Wrong visit")]}
            label={i18n._("Mark as entered in error")}
            onCancel={() => setStep(null)}
            onSave={retract}
          />
        </PatientSheet>
      )}
    </div>
  );
}

interface AddendumSheetProps {
  readonly note: Note;
  /** What stands in it to begin with. */
  readonly words?: string;
  readonly onClose: () => void;
}

export function AddendumSheet({ note, words = "", onClose }: AddendumSheetProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  // One that begins with somebody's words is another one.
  const form = words === "" ? "addendum" : "addendum-with-words";
  const kept = useKeptForm({ form, patientId: note.patientId, of: note.id });
  const close = kept.closing(onClose);
  const [text, setText] = useKept(kept, "text", words);
  const save = () =>
    saving.save(async () => {
      await mutate("addendum.write", {
        id: newId(),
        noteId: note.id,
        patientId: note.patientId,
        text: text.trim(),
      });
      close();
    });
  return (
    <PatientSheet patientId={note.patientId} title={i18n._("Addendum")} onClose={close}>
      <SheetForm
        saving={saving}
        label={i18n._("Add to the note")}
        kept={kept}
        onCancel={close}
        onSave={() => void save()}
        missing={
          text.trim() === ""
            ? i18n._("Write something first")
            : text.trim().length > LONGEST
              ? i18n._("Too long for one addendum: shorten it")
              : null
        }
      >
        <p style={{ margin: 0 }}>
          {i18n._("It stands under the note with your name and the time, and cannot be changed afterwards.")}
        </p>
        <Textarea
          label={i18n._("Addendum")}
          size="md"
          rows={9}
          maxLength={LONGEST}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
          {...clinicalText}
        />
      </SheetForm>
    </PatientSheet>
  );
}
