import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { TextRun } from "#domain/note/index.ts";
import { asTyped, capturesIn, withoutCaptures } from "#domain/note/text-runs.ts";
import classes from "./note.module.css";

interface StrayWordsProps {
  /** Captures that the note has words of and that are not in its chart any more. */
  readonly strays: ReadonlySet<string>;
  readonly content: readonly TextRun[];
  readonly onWrite: (content: TextRun[]) => void;
}

/**
 * Words of a capture that somebody took out of this chart, and that went where this tablet does not see (C05). Whose they
 * are nobody here can tell, so nothing goes by itself: whoever writes the note decides.
 */
export function StrayWords({ strays, content, onWrite }: StrayWordsProps) {
  const { i18n } = useLingui();
  const here = new Set(capturesIn(content).filter((id) => strays.has(id)));
  if (here.size === 0) return null;
  return (
    <section className={classes.unaccepted} aria-label={i18n._("Words that are not in this chart any more")}>
      <strong>
        {i18n._(
          "Some words here were copied from what somebody wrote down without reading. That is not in this chart any more: it may be about somebody else.",
        )}
      </strong>
      <div className={classes.afterActions}>
        <Button
          leftSection={<IconTrash size={20} aria-hidden />}
          onClick={() => onWrite([...withoutCaptures(content, here)])}
        >
          {i18n._("Take these words out")}
        </Button>
        <Button variant="default" onClick={() => onWrite(asTyped(content, here))}>
          {i18n._("Keep them as mine")}
        </Button>
      </div>
    </section>
  );
}
