import { describe, expect, test } from "vitest";
import { SAMPLE_RATE } from "../audio/sample-buffer.ts";
import { compression, INAUDIBLE, judge, quietestPoint, recogniseGuarded, repeatsItself } from "./guards.ts";
import type { Recogniser, Recognition } from "./moonshine.ts";

const heard = (text: string, more: Partial<Recognition> = {}): Recognition => ({
  text,
  tokens: 5,
  logProbability: -0.1,
  capped: false,
  ...more,
});
/** Answers as scripted and remembers how long each piece was, in seconds. */
function scripted(...texts: string[]): Recogniser & { readonly lengths: number[] } {
  const lengths: number[] = [];
  return {
    lengths,
    recognise: async (audio) => {
      lengths.push(audio.length / SAMPLE_RATE);
      return heard(texts.shift() ?? "");
    },
  };
}
const seconds = (length: number) => new Float32Array(length * SAMPLE_RATE).fill(0.1);

describe("guards against invented text", () => {
  test("flag doubt, loops and runaways", () => {
    expect(judge(heard("My knee hurts.")).flags).toEqual([]);
    expect(judge(heard("My knee hurts.", { logProbability: -0.9 })).flags).toEqual(["low_confidence"]);
    expect(judge(heard("My knee hurts.", { capped: true })).flags).toEqual(["cut_short"]);
    const loop = "and then I went to the store ".repeat(8);
    expect(judge(heard(loop)).flags).toEqual(["compressed", "repeated"]);
    expect(judge(heard("", { logProbability: Math.log(0.8) })).confidence).toBeCloseTo(0.8);
  });

  test("know a loop from ordinary speech", () => {
    const speech =
      "I take it in the morning and in the evening, and I take it with food, and in the morning I walk.";
    expect(repeatsItself(speech)).toBe(false);
    expect(repeatsItself("no no no no no no")).toBe(false);
    expect(repeatsItself("no no no no no no no")).toBe(true);
    expect(compression(speech)).toBeLessThan(2.4);
  });

  test("drop what is shorter than 250 ms without asking the model", async () => {
    const model = scripted("Hello.");
    expect(await recogniseGuarded(model, seconds(0.2))).toBeNull();
    expect(model.lengths).toEqual([]);
  });

  test("cut a stretch without words once, where it is quietest", async () => {
    const audio = seconds(4);
    audio.fill(0, 2.2 * SAMPLE_RATE, 2.5 * SAMPLE_RATE);
    expect(quietestPoint(audio) / SAMPLE_RATE).toBeCloseTo(2.3, 0);
    const model = scripted("", "", "a rash.");
    expect((await recogniseGuarded(model, audio))?.text).toBe("a rash.");
    expect(model.lengths).toHaveLength(3);
    expect(model.lengths[1]! + model.lengths[2]!).toBeCloseTo(4, 5);
  });

  test("say so when speech stays without words, and stay silent about a short sound", async () => {
    expect(await recogniseGuarded(scripted("", "...", ""), seconds(2))).toEqual({
      text: INAUDIBLE,
      confidence: 0,
      flags: ["inaudible"],
    });
    expect(await recogniseGuarded(scripted(""), seconds(1))).toBeNull();
  });
});
