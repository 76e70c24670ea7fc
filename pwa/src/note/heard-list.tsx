import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconPlayerPlay, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { isSensitive } from "#domain/note/sensitive.ts";
import classes from "./note.module.css";
import type { Heard } from "./proposals.ts";

/** Words of mental health, reproduction or violence stay shut until they are asked for (C18). */
function HeardWords({ words }: { readonly words: string }) {
  const { i18n } = useLingui();
  if (!isSensitive(words)) return <span className={classes.proposalText}>{words}</span>;
  return (
    <details className={classes.proposalText}>
      <summary className={classes.sensitive}>{i18n._("Sensitive: show the words")}</summary>
      {words}
    </details>
  );
}

interface HeardListProps {
  readonly heard: readonly Heard[];
  readonly onAdd: (heard: Heard) => void;
  readonly onEvidence: (evidence: string[]) => void;
  /** What plays under the entry with this evidence. */
  readonly player: (evidence: readonly string[]) => ReactNode;
}

/**
 * What was heard and is not in the draft, closed until somebody looks: it may hold what not everybody in the room should
 * read. The words are quoted as they were said.
 */
export function HeardList({ heard, onAdd, onEvidence, player }: HeardListProps) {
  const { i18n } = useLingui();
  if (heard.length === 0) return null;
  return (
    <details className={classes.heard}>
      <summary className={classes.heardTitle}>
        {i18n._("Heard but not in the note ({count})", { count: heard.length })}
      </summary>
      <ul className={classes.proposalList}>
        {heard.map((one) => (
          <li key={one.evidence.join(" ")}>
            <div className={classes.proposal}>
              <button
                type="button"
                className={classes.listen}
                aria-label={
                  isSensitive(one.text)
                    ? i18n._("Listen to something sensitive")
                    : i18n._("Listen: {text}", { text: one.text })
                }
                onClick={() => onEvidence([...one.evidence])}
              >
                <IconPlayerPlay size={18} aria-hidden />
              </button>
              <HeardWords words={one.text} />
              <Button
                variant="light"
                size="sm"
                h={44}
                leftSection={<IconPlus size={18} aria-hidden />}
                onClick={() => onAdd(one)}
              >
                {i18n._("Add to Subjective")}
              </Button>
            </div>
            {player(one.evidence)}
          </li>
        ))}
      </ul>
    </details>
  );
}
