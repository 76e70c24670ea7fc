import { expect, test } from "vitest";
import { newId } from "../kernel/id.ts";
import { type TextRun, withoutTranscripts } from "./index.ts";

const [gone, kept] = [newId(), newId()];
const said = (text: string, ...transcripts: string[]): TextRun => ({
  text,
  origin: "said",
  evidence: transcripts.map((id) => `${id}/s1`),
});
const typed = (text: string): TextRun => ({ text, origin: "typed" });

test("C05: sentences of a recording that was moved leave; typed words and other recordings' sentences stay", () => {
  const runs = [
    said("Headache.", gone),
    typed(" "),
    said("Dry cough.", gone, kept),
    typed(" "),
    said("Sleeps badly.", gone),
    typed(" Own words."),
  ];
  expect(withoutTranscripts(runs, new Set([gone]))).toEqual([
    said("Dry cough.", gone, kept),
    typed(" Own words."),
  ]);
});

test("C05: a section that held nothing else is empty, and one that holds none of it is the same list", () => {
  const all = [said("Headache.", gone), typed(" "), said("Dizzy.", gone)];
  expect(withoutTranscripts(all, new Set([gone]))).toEqual([]);
  const none = [typed("Own words."), said("Dizzy.", kept)];
  expect(withoutTranscripts(none, new Set([gone]))).toBe(none);
});
