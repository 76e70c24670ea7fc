import { useLingui } from "@lingui/react";
import { type Note, type NoteSection, sectionText } from "#domain/note/index.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import classes from "./note.module.css";

/** Words for this section from another device that met changed ones: kept beside it, so that nothing disappears. */
export function Alternatives({
  note,
  section,
}: {
  readonly note: Note | undefined;
  readonly section: NoteSection;
}) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const others = note?.alternatives.filter((one) => one.section === section) ?? [];
  return others.map((one) => (
    <div key={one.revisionId} className={classes.alternative}>
      <h4 className={classes.proposalsTitle}>
        {i18n._("Also written for this section, {time}", {
          time: dateTimeText(one.at, practice?.zone ?? "UTC"),
        })}
      </h4>
      <p className={classes.sealedText}>{sectionText(one.content)}</p>
    </div>
  ));
}
