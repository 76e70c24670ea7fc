import { expect, test } from "vitest";
import { forgetLost, lostBefore, type MarkPlace, noteStanding, type Standing } from "./store-mark.ts";

const device = (end: number) => `018f0000-0000-7000-8000-00000000000${end}`;
const standing = (end: number, waiting = 0): Standing => ({
  deviceId: device(end),
  clients: [{ clientId: device(9), n: 7 }],
  waiting,
  refused: 0,
  recordings: 0,
});

function place(text: string | null = null): MarkPlace {
  let kept = text;
  return {
    read: () => kept,
    write: (next) => {
      kept = next;
    },
  };
}

test("a store that names another device than the mark was thrown away; its numbers stay until the clinic has them", () => {
  const mark = place();
  expect(lostBefore(mark, device(1))).toEqual([]);
  noteStanding(mark, standing(1, 3));
  expect(lostBefore(mark, device(1))).toEqual([]);
  expect(lostBefore(mark, null)).toEqual([]);
  expect(lostBefore(mark, device(2))).toEqual([standing(1, 3)]);
  noteStanding(mark, standing(2));
  noteStanding(mark, standing(2, 1));
  expect(lostBefore(mark, device(2))).toEqual([standing(1, 3)]);
  // It happens again before the clinic has heard of the first time.
  expect(lostBefore(mark, device(3))).toEqual([standing(1, 3), standing(2, 1)]);
  forgetLost(mark, device(1));
  expect(lostBefore(mark, device(3))).toEqual([standing(2, 1)]);
  forgetLost(mark, device(2));
  expect(lostBefore(mark, device(3))).toEqual([]);
});

test.each([null, "", "[]", '{"own":{"deviceId":"x"},"lost":[]}'])("%j says nothing", (text) => {
  expect(lostBefore(place(text), device(1))).toEqual([]);
});
