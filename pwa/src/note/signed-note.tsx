import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { type Note, type NoteSection, noteSections } from "#domain/note/index.ts";
import { isSaid } from "#domain/note/text-runs.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import { EvidenceStrip } from "#pwa/transcript/index.ts";
import classes from "./note.module.css";
import { sectionName } from "./section-names.ts";

interface SignedNoteProps {
  readonly note: Note;
  /** The clinic has sealed it; until then the screen says so (C08). */
  readonly sealed: boolean;
  readonly refused: boolean;
}

/** A signed note as it was signed. Its sentences still play what was said. */
export function SignedNote({ note, sealed, refused }: SignedNoteProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { rows: staff } = useRows("staff", { where: { id: note.signature?.by ?? note.authorId } });
  const [evidence, setEvidence] = useState<{ section: NoteSection; refs: string[] } | null>(null);
  return (
    <article className={classes.note} aria-label={i18n._("Signed note")}>
      <header className={classes.head}>
        <h2 className={classes.title}>{i18n._("Note")}</h2>
        {refused ? (
          <StateBadge tone="bad" icon={IconAlertTriangle}>
            {i18n._("The signature was refused")}
          </StateBadge>
        ) : sealed ? (
          <StateBadge tone="good" icon={IconLock}>
            {i18n._("Signed and sealed")}
          </StateBadge>
        ) : (
          <StateBadge tone="warn" icon={IconLock}>
            {i18n._("Signed on this tablet, not yet sealed")}
          </StateBadge>
        )}
      </header>
      {note.signature && (
        <p className={classes.signature}>
          {i18n._("{name}, {time}", {
            name: [staff[0]?.name, staff[0]?.suffix].filter(Boolean).join(", "),
            time: dateTimeText(note.signature.at, practice?.zone ?? "UTC"),
          })}
        </p>
      )}
      {noteSections
        .filter((section) => note.content[section].length > 0)
        .map((section) => (
          <section key={section} className={classes.section}>
            <h3 className={classes.sectionName}>{sectionName(i18n, section)}</h3>
            <p className={classes.sealedText}>
              {note.content[section].map((run, index) =>
                isSaid(run) ? (
                  <Said
                    key={index}
                    text={run.text}
                    onTap={() => setEvidence({ section, refs: [...run.evidence!] })}
                  />
                ) : (
                  <span key={index}>{run.text}</span>
                ),
              )}
            </p>
            {evidence?.section === section && (
              <EvidenceStrip evidence={evidence.refs} onClose={() => setEvidence(null)} />
            )}
          </section>
        ))}
    </article>
  );
}

/** A sentence in running text that plays its own seconds. A real button would be a block and break the lines anew. */
function Said({ text, onTap }: { readonly text: string; readonly onTap: () => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button element cannot wrap like text does
    <span
      role="button"
      tabIndex={0}
      className={classes.said}
      onClick={onTap}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onTap();
      }}
    >
      {text}
    </span>
  );
}
