import { describe, expect, it } from "vitest";
import { mutations } from "./registry.ts";
import { isNewer, presentArgs } from "./upcast.ts";
import { isTooOld } from "./upcast-age.ts";

const id = "018f0000-0000-7000-8000-000000000001";
const three = {
  v: 3,
  earlier: {
    1: {
      until: "2026-03-01",
      upcast: ({ text, ...rest }: Record<string, unknown>) => ({ ...rest, title: text }),
    },
    2: { until: "2026-11-01", upcast: (args: object) => ({ ...args, urgent: false }) },
  },
};

describe("what an earlier release wrote", () => {
  it("is brought up step by step, and stays about the same record", () => {
    expect(presentArgs(three, { v: 1, args: { id, text: "Call" } })).toEqual({
      id,
      title: "Call",
      urgent: false,
    });
    expect(presentArgs(three, { v: 2, args: { id, title: "Call" } })).toEqual({
      id,
      title: "Call",
      urgent: false,
    });
    const odd = { v: 2, earlier: { 1: { until: "2026-03-01", upcast: () => ({ id: "another" }) } } };
    expect(presentArgs(odd, { v: 1, args: { id } })).toEqual({ id });
  });

  it("is too old 120 days after its end", () => {
    expect(isTooOld(three, { v: 1 }, "2026-06-29")).toBe(false);
    expect(isTooOld(three, { v: 1 }, "2026-06-30")).toBe(true);
    expect(isTooOld(three, { v: 3 }, "2036-06-30")).toBe(false);
    expect(isTooOld({ v: 2 }, { v: 1 }, "2026-06-29")).toBe(true);
  });

  it("is not read where a step is missing, nor what a later one wrote", () => {
    const gap = { v: 3, earlier: { 1: three.earlier[1] } };
    expect(presentArgs(gap, { v: 1, args: { id } })).toBeNull();
    expect(presentArgs({ v: 2 }, { v: 1, args: { id } })).toBeNull();
    expect(presentArgs(three, { v: 4, args: { id } })).toBeNull();
    expect([isNewer(three, { v: 4 }), isNewer(three, { v: 3 })]).toEqual([true, false]);
  });
});

it("every mutation reads all versions from its oldest on, each ended before the next", () => {
  for (const [name, { mutation }] of mutations) {
    const { v, earlier = {} } = mutation;
    const versions = Object.keys(earlier).map(Number);
    expect(versions, name).toEqual(versions.map((_, index) => v - versions.length + index));
    const ends = Object.values(earlier).map(({ until }) => until);
    expect(ends, name).toEqual(ends.toSorted());
    for (const until of ends) expect(until, name).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});
