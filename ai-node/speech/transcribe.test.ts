import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { TranscriptSegment } from "#domain/ai/job.ts";
import { segmentSchema } from "#domain/ai/job.ts";
import { type DecodedAudio, decodeAudio } from "../audio/decode-audio.ts";
import { SAMPLE_RATE } from "../audio/sample-buffer.ts";
import { testPool } from "../testing/prepared-models.ts";
import { type SpokenDialogue, synthesizeDialogue } from "../testing/speech-synthesis/synthesize-dialogue.ts";
import { kneeVisit } from "../testing/speech-synthesis/visit-dialogue.ts";
import { wordErrorRate } from "../testing/word-error-rate.ts";
import type { SpeechPool } from "./speech-pool.ts";
import { transcribe } from "./transcribe.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: SpeechPool;
beforeAll(async () => {
  pool = await testPool();
});
afterAll(() => pool.close());

const said = (segments: readonly TranscriptSegment[]) => segments.map(({ text }) => text).join(" ");
const during = (segments: readonly TranscriptSegment[], start: number, end: number) =>
  segments.filter((segment) => segment.start < end && segment.end > start);

async function hear({ wav }: SpokenDialogue) {
  return transcribe(pool, [{ audio: await decodeAudio(wav), startOffset: 0 }]);
}

describe("a spoken visit", () => {
  let dialogue: SpokenDialogue;
  let segments: TranscriptSegment[];
  beforeAll(async () => {
    dialogue = await synthesizeDialogue(kneeVisit);
    ({ segments } = await hear(dialogue));
  });

  test("is understood: at most 20 % of words wrong", () => {
    const reference = dialogue.turns.map(({ text }) => text).join(" ");
    expect(dialogue.turns.at(-1)!.end).toBeGreaterThan(60);
    expect(wordErrorRate(reference, said(segments))).toBeLessThanOrEqual(0.2);
  });

  test("gives each turn segments of its own whose times are within half a second of the voice", () => {
    for (const { start, end, text } of dialogue.turns) {
      const own = during(segments, start, end);
      expect(own.length, text).toBeGreaterThan(0);
      expect(Math.abs(own[0]!.start - start), text).toBeLessThanOrEqual(0.5);
      expect(Math.abs(own.at(-1)!.end - end), text).toBeLessThanOrEqual(0.5);
    }
  });

  test("tells clinician and patient apart", () => {
    const right = dialogue.turns.filter(({ start, end, speaker }) =>
      during(segments, start, end).every((segment) => segment.speaker === speaker),
    );
    expect(right.length).toBeGreaterThanOrEqual(dialogue.turns.length - 1);
  });

  test("gives segments that the wire accepts, in order, numbered from s1", () => {
    expect(segments.map(({ id }) => id)).toEqual(segments.map((_, i) => `s${i + 1}`));
    for (const segment of segments) expect(segmentSchema.safeParse(segment).success).toBe(true);
    for (let i = 1; i < segments.length; i++)
      expect(segments[i]!.start).toBeGreaterThanOrEqual(segments[i - 1]!.start);
  });
});

describe("two microphones", () => {
  test("a stereo recording of two voices", async () => {
    const dialogue = await synthesizeDialogue(kneeVisit.slice(0, 8), {
      channels: "stereo",
      sampleRate: 48_000,
    });
    const { segments } = await hear(dialogue);
    for (const { start, end, speaker } of dialogue.turns) {
      for (const segment of during(segments, start, end)) expect(segment.speaker).toBe(speaker);
    }
  });

  test("the channel says who speaks, even where both have the same voice", async () => {
    const turns = kneeVisit.slice(0, 6);
    const spoken = await synthesizeDialogue(turns.map(({ text }) => ({ speaker: "clinician", text })));
    const mono = (await decodeAudio(spoken.wav)).channels[0]!;
    const [left, right] = [mono.map((sample) => sample * 0.1), mono.map((sample) => sample * 0.1)];
    for (const [i, { start, end }] of spoken.turns.entries()) {
      const [from, to] = [Math.floor(start * SAMPLE_RATE), Math.ceil(end * SAMPLE_RATE)];
      (turns[i]!.speaker === "clinician" ? left : right).set(mono.subarray(from, to), from);
    }
    const audio = { channels: [left, right], seconds: mono.length / SAMPLE_RATE, truncated: false };
    const { segments } = await transcribe(pool, [{ audio, startOffset: 0 }]);
    for (const [i, { start, end }] of spoken.turns.entries()) {
      for (const segment of during(segments, start, end)) expect(segment.speaker).toBe(turns[i]!.speaker);
    }
  });
});

test("parts of one recording are placed on one time line", async () => {
  const dialogue = await synthesizeDialogue(kneeVisit.slice(0, 3));
  const audio = await decodeAudio(dialogue.wav);
  const { segments, audioSeconds } = await transcribe(pool, [
    { audio, startOffset: 0 },
    { audio, startOffset: 100 },
  ]);
  expect(audioSeconds).toBeCloseTo(audio.seconds * 2, 2);
  const [first, second] = [
    segments.filter(({ start }) => start < 100),
    segments.filter(({ start }) => start >= 100),
  ];
  expect(second.map(({ text }) => text)).toEqual(first.map(({ text }) => text));
  expect(second[0]!.start).toBeCloseTo(first[0]!.start + 100, 2);
});

describe("sound without speech gives no segment", () => {
  const sound = (sample: (i: number) => number): DecodedAudio => {
    const channels = [Float32Array.from({ length: 10 * SAMPLE_RATE }, (_, i) => sample(i))];
    return { channels, seconds: 10, truncated: false };
  };
  let state = 12_345;
  const noise = () => {
    state = (1_103_515_245 * state + 12_345) & 0x7fffffff;
    return (state / 0x7fffffff) * 2 - 1;
  };
  let brown = 0;

  test.each([
    ["silence", () => 0],
    ["faint noise", () => noise() * 0.003],
    ["loud noise", () => noise() * 0.1],
    [
      "rumble",
      () => {
        brown = brown * 0.99 + noise() * 0.02;
        return brown;
      },
    ],
    ["mains hum", (i: number) => 0.1 * Math.sin((2 * Math.PI * 50 * i) / SAMPLE_RATE)],
    ["a tone", (i: number) => 0.3 * Math.sin((2 * Math.PI * 1000 * i) / SAMPLE_RATE)],
    ["clicks", (i: number) => (i % 8000 < 20 ? noise() * 0.8 : 0)],
  ])("%s", async (_, sample) => {
    const { segments } = await transcribe(pool, [{ audio: sound(sample), startOffset: 0 }]);
    expect(segments).toEqual([]);
  });
});

test("stops soon after it is told to", async () => {
  const audio = await decodeAudio((await synthesizeDialogue(kneeVisit)).wav);
  const stop = new AbortController();
  const work = transcribe(pool, [{ audio, startOffset: 0 }], {
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("job taken away")),
  });
  await expect(work).rejects.toThrow("job taken away");
});

const corpora = process.env.JAMEMR_CORPORA;
const consultation = join(corpora ?? "", "speech", "consultations", "day1_consultation05");
describe.skipIf(!corpora || !existsSync(`${consultation}.flac`))("real recordings (JAMEMR_CORPORA)", () => {
  test("a consultation of five minutes with noise", { timeout: 120_000 }, async () => {
    const audio = await decodeAudio(readFileSync(`${consultation}_noisy.flac`));
    const turns = JSON.parse(readFileSync(`${consultation}.json`, "utf8")) as { text: string }[];
    const { segments } = await transcribe(pool, [{ audio, startOffset: 0 }]);
    expect(wordErrorRate(turns.map(({ text }) => text).join(" "), said(segments))).toBeLessThan(0.17);
  });
});
