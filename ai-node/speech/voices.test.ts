import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MFCC_COUNT } from "./mfcc.ts";
import { clinicianScore, rolesByWording } from "./roles.ts";
import { groupVoices, type Voiced } from "./voices.ts";

/** Stretches of voices that lie `apart`, each with a spread of 1. */
function stretches(order: readonly number[], apart: number, random: () => number): Voiced[] {
  return order.map((voice) => ({
    print: Array.from({ length: MFCC_COUNT }, () => voice * apart + random() * 2 - 1),
    seconds: 1 + random() * 4,
  }));
}

describe("grouping voices", () => {
  test("tells two voices apart and numbers them in the order they speak", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1), { minLength: 6, maxLength: 60 }), fc.integer(), (order, seed) => {
        fc.pre(
          order.filter((voice) => voice === 0).length >= 2 &&
            order.filter((voice) => voice === 1).length >= 2,
        );
        let state = seed;
        const random = () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
          return (state >>> 0) / 2 ** 32;
        };
        const wanted = order.map((voice) => (voice === order[0] ? 0 : 1));
        expect(groupVoices(stretches(order, 3, random))).toEqual(wanted);
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  test("hears one voice when there is one", () => {
    let state = 5;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      return (state >>> 0) / 2 ** 32;
    };
    expect(new Set(groupVoices(stretches(new Array(40).fill(0), 0, random)))).toEqual(new Set([0]));
  });

  test("says so where a stretch is too short to tell", () => {
    expect(groupVoices([{ print: null, seconds: 0.2 }])).toEqual([null]);
    expect(groupVoices([])).toEqual([]);
  });
});

describe("naming voices by wording", () => {
  const visit = ["What brings you in today?", "My knee hurts.", "Any fever?", "No, I feel fine.", "Okay."];

  test("names clinician and patient whoever begins", () => {
    expect(rolesByWording(visit, [0, 1, 0, 1, null])).toEqual([
      "clinician",
      "patient",
      "clinician",
      "patient",
      "unknown",
    ]);
    expect(rolesByWording([visit[1]!, visit[0]!], [0, 1])).toEqual(["patient", "clinician"]);
  });

  test("names nobody without ground", () => {
    expect(rolesByWording(["The weather is nice.", "It is warm."], [0, 1])).toEqual(["unknown", "unknown"]);
  });

  test("scores a question for the clinician and a complaint for the patient", () => {
    expect(clinicianScore(["Do you have any pain?"])).toBeGreaterThan(0);
    expect(clinicianScore(["I've been feeling tired and my back is sore."])).toBeLessThan(0);
  });
});
