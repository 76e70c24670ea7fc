import { useEffect, useMemo } from "react";
import { noteSections } from "#domain/note/index.ts";
import { capturesIn, withoutCaptures } from "#domain/note/text-runs.ts";
import { useChartPresence, useRows } from "#pwa/local/index.ts";
import type { NoteDraft } from "./use-note-draft.ts";

interface Visit {
  readonly encounterId: string;
  readonly patientId: string;
}

/**
 * Takes words that were copied from a capture out of the draft once that capture was taken out of this visit (C05): words
 * about one patient never stand in the note of another. What was typed stays.
 * @returns the captures of which this tablet only knows that they are not in the chart any more: those words stay, and
 * somebody has to look at them
 */
export function useLeftCaptures(
  { encounterId, patientId }: Visit,
  draft: NoteDraft,
  mine: boolean,
): ReadonlySet<string> {
  const { content, write } = draft;
  const used = useMemo(() => noteSections.flatMap((section) => capturesIn(content[section])), [content]);
  const { rows, ready } = useRows("capture", { where: { id: { in: used } } });
  const whole = useChartPresence(patientId) === "on-this-tablet" && ready;
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
  return new Set(whole ? used.filter((one) => rows.every(({ id }) => id !== one)) : []);
}
