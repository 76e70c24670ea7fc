import { expect, test } from "vitest";
import { spansOf } from "./playback.ts";

test("a span over a pause plays from both parts", () => {
  const part = (number: number, startOffset: number, seconds: number) => ({
    part: number,
    mime: "audio/wav" as const,
    bytes: 1,
    seconds,
    startOffset,
    sha256: "",
  });
  expect(spansOf([part(0, 0, 10), part(1, 20, 10)], 8, 22)).toEqual([
    { part: 0, from: 8, to: 10 },
    { part: 1, from: 0, to: 2 },
  ]);
  expect(spansOf([part(0, 0, 10)], 12, 14)).toEqual([]);
});
