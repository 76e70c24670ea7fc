import { describe, expect, test } from "vitest";
import { aiJobSchema, completionSchema, type JobCompletion, nodeHeartbeatSchema } from "./job.ts";

const hash = "a".repeat(64);
const id = "0198c0de-0000-7000-8000-000000000001";
const segment = {
  id: "s1",
  start: 0,
  end: 1.5,
  speaker: "patient",
  text: "My knee hurts.",
  confidence: 0.9,
  flags: [],
};
const good = {
  transcript: {
    segments: [segment],
    gaps: [{ start: 2, end: 3, reason: "paused" }],
    audioSeconds: 3,
    wallSeconds: 0.2,
    model: { id: "m", sha256: hash, version: "1" },
  },
  draft: {
    sections: [
      {
        id: "subjective",
        sentences: [{ text: "Her knee hurts.", evidence: ["s1", "chart:sex"], confidence: 0.7 }],
      },
    ],
    medications: [{ name: "ibuprofen", status: "taking", evidence: ["s1"] }],
    omitted: [],
    removed: [],
    engine: { id: "extractive", version: "1" },
    milliseconds: 3,
  },
  inputs: [hash],
} as unknown as JobCompletion;

/** A copy with one thing changed, by path. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(good) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop()!;
  const holder = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  holder[last] = value;
  return copy;
}

describe("a completed job", () => {
  test("is accepted when it is whole", () => {
    expect(completionSchema.safeParse(good).error).toBeUndefined();
  });

  test.each<[string, string, unknown]>([
    ["a citation of a segment that does not exist", "draft.sections.0.sentences.0.evidence", ["s2"]],
    ["a sentence without evidence", "draft.sections.0.sentences.0.evidence", []],
    ["a medication that cites nothing real", "draft.medications.0.evidence", ["s9"]],
    ["two segments of one name", "transcript.segments", [segment, segment]],
    ["a segment that ends before it starts", "transcript.segments.0.end", -1],
    ["a confidence that is no share", "transcript.segments.0.confidence", 1.1],
    ["a time that is no number", "transcript.segments.0.start", Number.NaN],
    ["an unknown speaker", "transcript.segments.0.speaker", "robot"],
    ["an unknown section", "draft.sections.0.id", "orders"],
    ["a section named twice", "draft.sections", [good.draft.sections[0], good.draft.sections[0]]],
    ["a further field", "transcript.admin", true],
    ["a hash in capitals", "inputs", [hash.toUpperCase()]],
    ["an endless text", "transcript.segments.0.text", "x".repeat(4_001)],
    [
      "endless segments",
      "transcript.segments",
      Array.from({ length: 20_001 }, (_, i) => ({ ...segment, id: `s${i}` })),
    ],
  ])("is refused with %s", (_, path, value) => {
    expect(completionSchema.safeParse(changed(path, value)).success).toBe(false);
  });
});

test("jobs and heartbeats are strict", () => {
  const job = {
    id,
    kind: "transcribe",
    attempt: 1,
    recordingId: id,
    language: "en",
    parts: [{ part: 0, mime: "audio/webm;codecs=opus", seconds: 5, sha256: hash, startOffset: 0 }],
    gaps: [],
    chart: { name: "Ana", age: 61, sex: "female", medications: ["lisinopril 10 mg"] },
  };
  expect(aiJobSchema.safeParse(job).error).toBeUndefined();
  expect(aiJobSchema.safeParse({ ...job, url: "http://elsewhere" }).success).toBe(false);
  const heartbeat = {
    nodeId: id,
    name: "n",
    version: "1",
    device: "cpu",
    models: [{ id: "m", sha256: hash }],
  };
  expect(nodeHeartbeatSchema.safeParse(heartbeat).error).toBeUndefined();
  expect(nodeHeartbeatSchema.safeParse({ ...heartbeat, device: "tpu" }).success).toBe(false);
});
