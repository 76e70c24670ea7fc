import { useEffect } from "react";
import { noteSections, withoutTranscripts } from "#domain/note/index.ts";
import { transcriptIdOf } from "#domain/transcript/index.ts";
import { useLeftRecordings } from "#pwa/recording/index.ts";
import type { NoteDraft } from "./use-note-draft.ts";

/**
 * Takes sentences that were drafted from a recording out of the draft once that recording has gone to another patient's
 * visit (C05): words of one patient never stand in the note of another. What was typed stays.
 */
export function useLeftSentences(encounterId: string, draft: NoteDraft, mine: boolean): void {
  const left = useLeftRecordings(encounterId);
  const { content, write } = draft;
  useEffect(() => {
    if (!mine || left.length === 0) return;
    const transcriptIds = new Set(left.map(({ id }) => transcriptIdOf(id)));
    for (const section of noteSections) {
      const kept = withoutTranscripts(content[section], transcriptIds);
      if (kept !== content[section]) write(section, [...kept]);
    }
  }, [left, content, write, mine]);
}
