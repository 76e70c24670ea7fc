import { describe, expect, test } from "vitest";
import type { TranscriptRow } from "#domain/transcript/index.ts";
import { leftOut, proposalsFor } from "./proposals.ts";

const segment = (id: string, text: string) => ({ id, text, start: 0, end: 1, speaker: "patient", flags: [] });
const transcript = {
  id: "t1",
  segments: [
    segment("s1", "Any chest pain?"),
    segment("s2", " Not really, no."),
    segment("s3", "My knee clicks."),
  ],
  draft: {
    sections: [{ id: "subjective", sentences: [{ text: "Knee pain.", evidence: ["s3"], confidence: 0.8 }] }],
    omitted: [
      { text: "Not really, no.", kind: "answer", evidence: ["s1", "s2"] },
      { text: "My knee clicks.", kind: "symptom", evidence: ["s3"] },
    ],
  },
} as unknown as TranscriptRow;

describe("what a draft offers", () => {
  test("names the segments that a sentence rests on", () => {
    expect(proposalsFor([transcript]).get("subjective")).toEqual([
      { text: "Knee pain.", heading: null, evidence: ["t1/s3"], confidence: 0.8 },
    ]);
  });

  test("what was left out is quoted, an answer together with its question", () => {
    expect(leftOut([transcript])).toEqual([
      { text: "“Any chest pain?” “Not really, no.”", evidence: ["t1/s1", "t1/s2"] },
      { text: "“My knee clicks.”", evidence: ["t1/s3"] },
    ]);
  });

  test("nothing is left out of a visit without a draft", () => {
    expect(leftOut([{ ...transcript, draft: null }])).toEqual([]);
  });
});
