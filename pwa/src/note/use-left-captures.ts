import { useEffect, useMemo } from "react";
import { noteSections } from "#domain/note/index.ts";
import { capturesIn, withoutCaptures } from "#domain/note/text-runs.ts";
import { useRows } from "#pwa/local/index.ts";
import type { NoteDraft } from "./use-note-draft.ts";

/**
 * Takes words that were copied from a capture out of the draft once that capture was taken out of this visit (C05): words
 * about one patient never stand in the note of another. What was typed stays.
 */
export function useLeftCaptures(encounterId: string, draft: NoteDraft, mine: boolean): void {
  const { content, write } = draft;
  const used = useMemo(() => noteSections.flatMap((section) => capturesIn(content[section])), [content]);
  const { rows } = useRows("capture", { where: { id: { in: used } } });
  const left = rows.filter((row) => row.status !== "matched" || row.encounterId !== encounterId);
  const leftIds = left.map(({ id }) => id).join(" ");
  useEffect(() => {
    if (!mine || leftIds === "") return;
    const ids = new Set(leftIds.split(" "));
    for (const section of noteSections) {
      const kept = withoutCaptures(content[section], ids);
      if (kept !== content[section]) write(section, [...kept]);
    }
  }, [leftIds, content, write, mine]);
}
