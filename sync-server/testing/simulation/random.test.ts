import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";

const numbers = (...words: (string | number)[]) => {
  const random = createRandom(...words);
  return Array.from({ length: 100 }, () => random.next());
};

describe("the simulator's chance", () => {
  it("gives the same numbers for the same words, and others for others", () => {
    expect(numbers("plan", 1)).toEqual(numbers("plan", 1));
    expect(numbers("plan", 1)).not.toEqual(numbers("plan", 2));
    expect(numbers("plan", 1)).not.toEqual(numbers("network", 1));
    expect(numbers("a", "b1")).not.toEqual(numbers("ab", 1));
  });

  it("keeps the numbers it always gave: an old seed still replays its failure", () => {
    const random = createRandom("plan", 1);
    expect([random.below(1000), random.below(1000), random.below(1000)]).toMatchInlineSnapshot(`
      [
        988,
        866,
        145,
      ]
    `);
  });

  it("stays in its bounds and reaches all of them", () => {
    const random = createRandom("bounds");
    const seen = new Set(Array.from({ length: 1000 }, () => random.below(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const number of numbers("unit")) expect(number >= 0 && number < 1).toBe(true);
  });

  it("weighs, and never takes what weighs nothing", () => {
    const random = createRandom("weights");
    const taken = { often: 0, seldom: 0, never: 0 };
    for (let i = 0; i < 1000; i++) taken[random.weighted({ often: 9, seldom: 1, never: 0 })]++;
    expect(taken.never).toBe(0);
    expect(taken.often).toBeGreaterThan(taken.seldom * 4);
    expect(taken.seldom).toBeGreaterThan(0);
  });

  it("shuffles without losing anything", () => {
    const list = [1, 2, 3, 4, 5];
    expect(createRandom("shuffle").shuffle(list).toSorted()).toEqual(list);
    expect(list).toEqual([1, 2, 3, 4, 5]);
  });

  it("makes bytes that do not repeat", () => {
    const random = createRandom("bytes");
    const seen = new Set(Array.from({ length: 2000 }, () => random.bytes(16).join()));
    expect(seen.size).toBe(2000);
  });
});
