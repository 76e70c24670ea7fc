import { useLingui } from "@lingui/react";
import { noteIdOf } from "#domain/note/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { useRow } from "#pwa/local/index.ts";
import classes from "./note.module.css";
import { InErrorBox, NoteAfterwards } from "./note-afterwards.tsx";
import { SignedNote } from "./signed-note.tsx";

interface NotePanelProps {
  readonly encounterId: string;
  readonly patientId: string;
  /** The visit's clinician: the note is hers, a nurse may prepare it. */
  readonly clinicianId: string;
  readonly onStart: () => Promise<void>;
  /** The note was signed on this tablet: the visit is over. */
  readonly onSigned: () => Promise<void>;
}

/** The editor is the heaviest part of the page and is fetched only where a note is written. */
const NoteEditor = lazyPart(() => import("./note-editor.tsx").then((module) => module.NoteEditor));

export function NotePanel(props: NotePanelProps) {
  const { i18n } = useLingui();
  const { row: note, mark, ready } = useRow("note", noteIdOf(props.encounterId));
  if (!ready) return <Opening rows={4} label={i18n._("The note is being opened")} />;
  if (note?.status === "signed")
    return (
      <div className={classes.signed}>
        <InErrorBox note={note} />
        <SignedNote note={note} sealed={mark === "at-the-clinic"} refused={mark === "refused"} />
        <NoteAfterwards note={note} boxed />
      </div>
    );
  return <NoteEditor {...props} note={note} mark={mark} />;
}
