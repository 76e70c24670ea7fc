import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconNotes, IconPencilPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Note } from "#domain/note/index.ts";
import { State } from "#pwa/design/state.tsx";
import { longDateText } from "#pwa/language/language.ts";
import { useChartPresence, useRows, useSession } from "#pwa/local/index.ts";
import { NurseNoteSheet, noteTitle, PastNote } from "#pwa/note/index.ts";
import { useFromMerged } from "#pwa/patient/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./chart.module.css";

const when = (note: Note) => note.signature?.at ?? note.updatedAt;

/** Every note of the chart, the newest first; one is open beside the list. */
export function ChartNotes({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const here = useChartPresence(patientId) === "on-this-tablet";
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
          <State icon={IconNotes} title={i18n._("No notes")}>
            {here
              ? i18n._("No note has been written in this chart.")
              : i18n._("This chart is not on this tablet.")}
          </State>
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

interface NewNurseNoteProps {
  readonly patientId: string;
  readonly writing: Note | "new" | null;
  readonly onWrite: (note: Note | "new" | null) => void;
}

/** A nurse's own note: in the visit that is under way, or outside any (a phone call, an injection). */
function NewNurseNote({ patientId, writing, onWrite }: NewNurseNoteProps) {
  const { i18n } = useLingui();
  const may = useMay();
  if (!may("nurse-note:write")) return null;
  return (
    <>
      <Button
        variant="light"
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
