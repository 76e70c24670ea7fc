import { describe, expect, test } from "vitest";
import { SAMPLE_RATE } from "../audio/sample-buffer.ts";
import { speechSpans } from "./speech-spans.ts";
import { VAD_FRAME } from "./vad.ts";

/** Probabilities from pieces of [seconds, probability]. */
function probabilities(...pieces: [number, number][]): Float32Array {
  return Float32Array.from(
    pieces.flatMap(([seconds, p]) =>
      new Array<number>(Math.round((seconds * SAMPLE_RATE) / VAD_FRAME)).fill(p),
    ),
  );
}
const spansOf = (...pieces: [number, number][]) => {
  const p = probabilities(...pieces);
  return speechSpans(p, p.length * VAD_FRAME).map(({ start, end, from, to }) =>
    [start, from, to, end].map((samples) => Number((samples / SAMPLE_RATE).toFixed(1))),
  );
};

describe("speech spans", () => {
  test("end at a pause of 400 ms and not at a shorter one", () => {
    expect(spansOf([1, 0], [2, 0.9], [0.6, 0.1], [2, 0.9], [1, 0])).toHaveLength(2);
    expect(spansOf([1, 0], [2, 0.9], [0.3, 0.1], [2, 0.9], [1, 0])).toHaveLength(1);
  });

  test("are padded, but never over the middle of a pause", () => {
    expect(spansOf([1, 0], [2, 0.9], [0.48, 0.1], [2, 0.9], [1, 0])).toEqual([
      [0.7, 1, 3, 3.2],
      [3.2, 3.5, 5.5, 5.8],
    ]);
  });

  test("leave out clicks and need 0.5 to begin, 0.35 to go on", () => {
    expect(spansOf([1, 0], [0.15, 0.9], [1, 0])).toEqual([]);
    expect(spansOf([1, 0], [2, 0.4], [1, 0])).toEqual([]);
    expect(spansOf([1, 0], [1, 0.9], [2, 0.4], [1, 0.9], [1, 0])).toHaveLength(1);
  });

  test("are cut where speech is least likely when they last too long", () => {
    const spans = spansOf([12, 0.9], [0.1, 0.5], [12, 0.9]);
    expect(spans).toHaveLength(2);
    expect(spans[0]![2]).toBeCloseTo(12, 0);
    for (const [start, , , end] of spans) expect(end! - start!).toBeLessThanOrEqual(20.5);
  });

  test("speech to the very end is kept", () => {
    expect(spansOf([1, 0], [2, 0.9])).toHaveLength(1);
  });
});
