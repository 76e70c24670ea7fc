import { useLingui } from "@lingui/react";
import { IconLock, IconPencil } from "@tabler/icons-react";
import { type Note, noteSections, sectionText } from "#domain/note/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { WhoWhen } from "#pwa/staff/index.ts";
import classes from "./note.module.css";
import { InErrorBox, NoteAfterwards } from "./note-afterwards.tsx";
import { noteTitle } from "./note-title.ts";
import { sectionName } from "./section-names.ts";

/** A note as it stands, to read: entered in error it stays, barred; what was added later follows. */
export function PastNote({ note }: { readonly note: Note }) {
  const { i18n } = useLingui();
  const barred = note.enteredInError !== null;
  return (
    <article className={classes.note} aria-label={noteTitle(i18n, note)}>
      <header className={classes.head}>
        <h2 className={classes.title}>{noteTitle(i18n, note)}</h2>
        {note.status === "signed" ? (
          <StateBadge tone="good" icon={IconLock}>
            {i18n._("Signed")}
          </StateBadge>
        ) : (
          <StateBadge tone="accent" icon={IconPencil}>
            {i18n._("Draft")}
          </StateBadge>
        )}
        <RecordMark id={note.id} />
      </header>
      <p className={classes.signature}>
        <WhoWhen by={note.signature?.by ?? note.authorId} at={note.signature?.at ?? note.updatedAt} />
      </p>
      <InErrorBox note={note} />
      {noteSections
        .filter((section) => note.content[section].length > 0)
        .map((section) => (
          <section key={section} className={classes.section}>
            {note.kind === "visit" && <h3 className={classes.sectionName}>{sectionName(i18n, section)}</h3>}
            <p className={`${classes.sealedText} ${barred ? classes.barredText : ""}`}>
              {sectionText(note.content[section])}
            </p>
          </section>
        ))}
      <NoteAfterwards note={note} />
    </article>
  );
}
