import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { decodeAudio } from "../audio/decode-audio.ts";
import { type FakeNodeBehaviour, runFakeNode } from "./fake-node/fake-node.ts";
import { type FakeServer, startFakeServer } from "./fake-server/fake-server.ts";
import { synthesizeDialogue } from "./speech-synthesis/synthesize-dialogue.ts";
import { wordErrorRate } from "./word-error-rate.ts";

describe("the fake node", () => {
  let server: FakeServer;
  beforeEach(async () => {
    server = await startFakeServer("token");
    const parts = [0, 1].map((part) => ({
      part,
      mime: "audio/webm",
      seconds: 5,
      sha256: "1".repeat(64),
      startOffset: part * 5,
    }));
    const ids = { id: newId(), recordingId: newId() };
    const bytes = new Uint8Array([1, 2, 3]);
    server.offer(
      { ...ids, kind: "transcribe", attempt: 1, language: "en", parts, gaps: [] },
      new Map([
        [0, bytes],
        [1, bytes],
      ]),
    );
  });
  afterEach(() => server.close());

  const run = async (behaviour: FakeNodeBehaviour) => {
    const { calls } = await runFakeNode({ url: server.url, token: "token", behaviour });
    return calls.slice(2).map(({ path, status }) => `${path.split("/").at(-1)} ${status}`);
  };

  test.each<[FakeNodeBehaviour, string[]]>([
    ["good", ["heartbeat 204", "progress 204", "audio?part=0 200", "audio?part=1 200", "complete 200"]],
    ["killed", ["heartbeat 204", "progress 204", "audio?part=0 200"]],
    ["silent", []],
    ["bad-json", ["heartbeat 204", "progress 204", "audio?part=0 200", "audio?part=1 200", "complete 400"]],
    [
      "wrong-shape",
      ["heartbeat 204", "progress 204", "audio?part=0 200", "audio?part=1 200", "complete 400"],
    ],
    [
      "false-evidence",
      ["heartbeat 204", "progress 204", "audio?part=0 200", "audio?part=1 200", "complete 400"],
    ],
    [
      "completes-twice",
      [
        "heartbeat 204",
        "progress 204",
        "audio?part=0 200",
        "audio?part=1 200",
        "complete 200",
        "complete 200",
      ],
    ],
    ["fails", ["heartbeat 204", "progress 204", "audio?part=0 200", "audio?part=1 200", "fail 204"]],
  ])("%s", async (behaviour, calls) => {
    expect(await run(behaviour)).toEqual(calls);
  });

  test("finds no work where there is none", async () => {
    await run("silent");
    expect((await runFakeNode({ url: server.url, token: "token", behaviour: "good" })).job).toBeNull();
  });
});

describe("word error rate", () => {
  test.each([
    ["a b c d", "a b c d", 0],
    ["a b c d", "a x c d", 0.25],
    ["a b c d", "a c d", 0.25],
    ["a b c d", "a b b c d", 0.25],
    ["a b", "", 1],
    ["a", "b c d", 3],
    ["Um, I take 25 pills.", "i take twenty five pills", 0],
    ["140 over 90", "one hundred forty over ninety", 0],
    ["", "", 0],
  ])("%s / %s = %f", (reference, hypothesis, rate) => {
    expect(wordErrorRate(reference, hypothesis)).toBeCloseTo(rate);
  });
});

describe("speech synthesis", () => {
  test("speaks where it says, pauses as asked, and is the same when asked again", async () => {
    const turns = [
      { speaker: "clinician", text: "Good morning." },
      { speaker: "patient", text: "My back hurts." },
    ] as const;
    const spoken = await synthesizeDialogue(turns, { pauseSeconds: 1, sampleRate: 48_000 });
    expect(spoken.turns[1]!.start - spoken.turns[0]!.end).toBeCloseTo(1, 2);
    const { channels } = await decodeAudio(spoken.wav);
    const energy = (from: number, to: number) =>
      channels[0]!.subarray(from * 16_000, to * 16_000).reduce((sum, sample) => sum + sample * sample, 0);
    for (const { start, end } of spoken.turns) expect(energy(start, end)).toBeGreaterThan(10);
    expect(energy(spoken.turns[0]!.end + 0.05, spoken.turns[1]!.start - 0.05)).toBeLessThan(0.01);
    expect((await synthesizeDialogue(turns, { pauseSeconds: 1, sampleRate: 48_000 })).wav).toEqual(
      spoken.wav,
    );
  });
});
