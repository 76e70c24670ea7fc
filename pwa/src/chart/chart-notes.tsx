import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconNotes, IconPencilPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { type Note, noteIdOf } from "#domain/note/index.ts";
import { CapturedNotes } from "#pwa/capture/index.ts";
import { EmptyOfChart } from "#pwa/design/empty-of-chart.tsx";
import { longDateText, timeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSession } from "#pwa/local/index.ts";
import { NurseNoteSheet, noteTitle, PastNote } from "#pwa/note/index.ts";
import { useFromMerged } from "#pwa/patient/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./chart.module.css";
import { useVisitToday } from "./next-patient.tsx";

const when = (note: Note) => note.signature?.at ?? note.updatedAt;

/** Every note of the chart, the newest first; one is open beside the list. */
export function ChartNotes({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const { rows } = useRows("note", { where: { patientId } });
  const fromMerged = useFromMerged(patientId);
  const [chosen, setChosen] = useState<string | null>(null);
  const [writing, setWriting] = useState<Note | "new" | null>(null);
  const notes = [...rows].sort((a, b) => (when(a) < when(b) ? 1 : -1));
  const open = notes.find(({ id }) => id === chosen) ?? notes[0];
  const draft = open?.kind === "nurse" && open.status === "draft" && open.authorId === user?.id ? open : null;
  return (
    <div className={classes.notes}>
      <div className={classes.side}>
        <VisitNote patientId={patientId} />
        <NewNurseNote patientId={patientId} writing={writing} onWrite={setWriting} />
        {notes.length > 0 && (
          <ul className={classes.noteList}>
            {notes.map((note) => (
              <li key={note.id}>
                <NoteEntry
                  note={note}
                  from={fromMerged(note)}
                  current={note === open}
                  onOpen={() => setChosen(note.id)}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div>
        <CapturedNotes patientId={patientId} />
        {open ? (
          <>
            <PastNote key={open.id} note={open} />
            {draft && (
              <Button mt="sm" onClick={() => setWriting(draft)}>
                {i18n._("Go on writing")}
              </Button>
            )}
          </>
        ) : (
          <EmptyOfChart patientId={patientId} icon={IconNotes} title={i18n._("No notes")}>
            {i18n._("No note has been written in this chart.")}
          </EmptyOfChart>
        )}
      </div>
    </div>
  );
}

interface NoteEntryProps {
  readonly note: Note;
  readonly from: string | null;
  readonly current: boolean;
  readonly onOpen: () => void;
}

function NoteEntry({ note, from, current, onOpen }: NoteEntryProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const name = useStaffName(note.authorId);
  return (
    <button
      type="button"
      className={classes.noteButton}
      aria-current={current}
      data-barred={note.enteredInError !== null}
      onClick={onOpen}
    >
      <strong>{noteTitle(i18n, note)}</strong>
      <span className={classes.noteMeta}>
        {longDateText(when(note), practice?.zone ?? "UTC")}
        {name && ` · ${name}`}
      </span>
      {from && <span className={classes.noteMeta}>{from}</span>}
      {note.enteredInError && <span className={classes.noteMeta}>{i18n._("Entered in error")}</span>}
    </button>
  );
}

/** A clinician's note belongs to a visit: the way to today's, or how there comes to be one. */
function VisitNote({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { practice, user } = useSession();
  const visit = useVisitToday(patientId);
  const { row: note } = useRow("note", noteIdOf(encounterIdOf(visit?.id ?? "")));
  if (user?.role !== "clinician") return null;
  if (!visit)
    return (
      <p className={classes.noVisit}>
        {i18n._("You have no visit with this patient today. A visit note is written in a visit:")}{" "}
        <Link to="/board">{i18n._("book one on the board")}</Link>.
      </p>
    );
  const time = timeText(visit.start, practice?.zone ?? "UTC");
  const words = !note
    ? i18n._("Write the note of today's visit, {time}", { time })
    : note.status === "draft"
      ? i18n._("Go on with the note of today's visit, {time}", { time })
      : i18n._("Open today's visit, {time}", { time });
  return (
    <Link to="/visits/$appointmentId" params={{ appointmentId: visit.id }} className={classes.visitNote}>
      <IconNotes size={20} aria-hidden />
      {words}
    </Link>
  );
}

interface NewNurseNoteProps {
  readonly patientId: string;
  readonly writing: Note | "new" | null;
  readonly onWrite: (note: Note | "new" | null) => void;
}

/** A short note: in the visit that is under way, or outside any (a phone call, an injection). */
function NewNurseNote({ patientId, writing, onWrite }: NewNurseNoteProps) {
  const { i18n } = useLingui();
  const may = useMay();
  if (!may("nurse-note:write")) return null;
  return (
    <>
      <Button
        variant="light"
        justify="flex-start"
        leftSection={<IconPencilPlus size={20} aria-hidden />}
        onClick={() => onWrite("new")}
      >
        {i18n._("New nurse note")}
      </Button>
      {writing !== null && (
        <NurseNoteSheet
          patientId={patientId}
          {...(writing === "new" ? {} : { note: writing })}
          onClose={() => onWrite(null)}
        />
      )}
    </>
  );
}
