import { sectionText, type TextRun } from "#domain/note/index.ts";

/** A section with more words after what stands in it, on a line of their own. */
export const appended = (content: readonly TextRun[], runs: readonly TextRun[]): TextRun[] =>
  sectionText(content).trim() === ""
    ? [...runs]
    : [...content, { text: "\n", origin: "typed" as const }, ...runs];
