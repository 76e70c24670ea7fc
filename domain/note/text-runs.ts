import { withoutTranscripts } from "./note.rules.ts";
import {
  LONGEST_RUN,
  type NoteContent,
  type NoteSection,
  noteSections,
  type TextRun,
} from "./note.schema.ts";

/** A stretch of text as the one or several that a note holds, none of them cut within a character. */
export function inRuns(run: TextRun): TextRun[] {
  const { text } = run;
  if (text.length <= LONGEST_RUN) return [run];
  const cut = LONGEST_RUN - (/[\uD800-\uDBFF]/.test(text[LONGEST_RUN - 1]!) ? 1 : 0);
  return [{ ...run, text: text.slice(0, cut) }, ...inRuns({ ...run, text: text.slice(cut) })];
}

/** It was said in the visit, and those seconds can be played. */
export const isSaid = ({ origin, evidence }: TextRun): boolean =>
  origin === "said" && evidence !== undefined && evidence.length > 0;

const PART = "typed";

/** What words that were copied from a capture name as where they are from, as said ones name what was said. */
const refOf = (captureId: string): string => `${captureId}/${PART}`;

/** The captures that words of a section were copied from. */
export const capturesIn = (runs: readonly TextRun[]): string[] => {
  const refs = runs.flatMap(({ origin, evidence }) => (origin === "chart" ? (evidence ?? []) : []));
  return [...new Set(refs.flatMap((ref) => (ref.endsWith(`/${PART}`) ? [ref.split("/")[0]!] : [])))];
};

/**
 * A capture's words as text of a note (C11): they come from the chart, not from whoever puts them there. Their author and
 * time stand before them in the text itself (C26), so that a signature seals and a print shows whose they are.
 */
export const capturedRuns = (
  capture: { readonly id: string; readonly text: string },
  whose: string,
): TextRun[] =>
  inRuns({ text: `${whose}\n${capture.text.trim()}`, origin: "chart", evidence: [refOf(capture.id)] });

/** Where a capture's words stand in a note, however much of them was changed since. */
export const sectionsWith = (content: NoteContent, captureId: string): NoteSection[] =>
  noteSections.filter((section) => capturesIn(content[section]).includes(captureId));

/** A section without words that were copied from these captures. Returns the very same list when nothing goes. */
export const withoutCaptures = (
  runs: readonly TextRun[],
  captureIds: ReadonlySet<string>,
): readonly TextRun[] => withoutTranscripts(runs, captureIds);

/** A section in which words that were copied from these captures count as its writer's own. */
export const asTyped = (runs: readonly TextRun[], captureIds: ReadonlySet<string>): TextRun[] =>
  runs.map((run): TextRun => {
    const copied = capturesIn([run]).some((id) => captureIds.has(id));
    return copied ? { text: run.text, origin: "typed" } : run;
  });
