import { describe, expect, it } from "vitest";
import { makePlan, type Plan, type Step } from "./plan.ts";
import { describePlan, shrink, withoutFaults, withoutTablet } from "./shrink.ts";

const act = (tablet: number, chance: number): Step => ({
  type: "act",
  tablet,
  chance,
  name: "note.revise",
  online: false,
  kill: { point: "in", transaction: 1 },
});
const sync = (chance: number, ...tablets: number[]): Step => ({
  type: "sync",
  chance,
  parts: tablets.map((tablet) => ({ tablet, network: ["reply-dropped"], kill: null })),
  server: { point: "commit", transaction: 1 },
  hold: true,
});
const tablets = ["clinician", "nurse", "frontdesk"].map((username) => ({
  username,
  page: 6,
  kill: null,
  network: [],
}));
const plan = (steps: Step[]): Plan => ({ seed: 1, tablets, deviceRows: null, steps });

describe("shrink", () => {
  it("finds the two steps that matter among many, and takes the faults out of them", async () => {
    const steps = Array.from({ length: 40 }, (_, index) =>
      index % 3 ? act(index % 3, index) : sync(index, 0, 1),
    );
    const tries: Plan[] = [];
    const short = await shrink(
      plan(steps),
      async (candidate) => {
        tries.push(candidate);
        return [7, 31].every((chance) => candidate.steps.some((step) => step.chance === chance));
      },
      200,
    );
    expect(short.steps.map(({ chance }) => chance)).toEqual([7, 31]);
    expect(short.steps.every((step) => step.type === "act" && step.kill === null)).toBe(true);
    expect(short.tablets).toHaveLength(1);
    expect(tries.length).toBeLessThan(100);
  });

  it("keeps a fault that the failure needs", async () => {
    const needsFault = async ({ steps }: Plan) =>
      steps.some((step) => step.type === "act" && step.kill !== null);
    const short = await shrink(plan([act(0, 1), sync(2, 0), act(0, 3)]), needsFault, 50);
    expect(short.steps).toEqual([act(0, expect.any(Number) as number)]);
  });

  it("stops when its budget is spent, with the best so far", async () => {
    let tries = 0;
    const always = async () => ++tries > 0;
    const short = await shrink(plan([act(0, 1), act(0, 2), act(0, 3), act(0, 4)]), always, 1);
    expect(tries).toBe(1);
    expect(short.steps).toHaveLength(2);
  });
});

describe("leaving parts out", () => {
  it("renumbers the tablets that stay", () => {
    const smaller = withoutTablet(plan([act(0, 1), act(1, 2), act(2, 3), sync(4, 0, 1, 2), sync(5, 1)]), 1);
    expect(smaller.tablets.map(({ username }) => username)).toEqual(["clinician", "frontdesk"]);
    expect(smaller.steps.map(({ chance }) => chance)).toEqual([1, 3, 4]);
    expect(smaller.steps[1]).toMatchObject({ tablet: 1 });
    expect(smaller.steps[2]).toMatchObject({ parts: [{ tablet: 0 }, { tablet: 1 }] });
  });

  it("makes every kind of step faultless", () => {
    for (let seed = 1; seed < 30; seed++)
      for (const step of makePlan(seed).steps) {
        const { type: _, ...rest } = withoutFaults(step);
        const text = JSON.stringify(rest);
        expect(text).not.toMatch(
          /"(?:kill|server)":\{|"hold":true|dropped|twice|delayed|late|truncated|portal/,
        );
      }
  });
});

describe("plans", () => {
  it("follow from their seed", () => {
    expect(makePlan(12)).toEqual(makePlan(12));
    expect(makePlan(12)).not.toEqual(makePlan(13));
  });

  it("are readable", () => {
    const lines = describePlan(plan([act(0, 1), sync(2, 0)]));
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain("note.revise");
  });
});
