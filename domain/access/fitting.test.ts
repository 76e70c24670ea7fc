import { describe, expect, it } from "vitest";
import { fitting } from "./fitting.ts";
import { streams } from "./scope.ts";

const chart = streams.chart;
const base = [streams.directory, streams.schedule, streams.demographics, streams.safety];
const rows: Record<string, number> = {
  [streams.directory]: 10,
  [streams.schedule]: 20,
  [streams.demographics]: 1000,
  [streams.safety]: 1000,
};
const fit = (most: number, links = new Map<string, string>(), ids = ["a", "b", "c"]) =>
  fitting([...base, ...ids.map(chart)], { rowsIn: (stream) => rows[stream] ?? 30, links, most });

describe("a device that keeps so many records", () => {
  it("holds everything where there is room, and counts neither the patient finder nor the safety cards", () => {
    expect(fit(120)).toEqual([...base, ...["a", "b", "c"].map(chart)]);
  });

  it("leaves charts at the clinic from the end of the order, and never what is no chart", () => {
    expect(fit(119)).toEqual([...base, chart("a"), chart("b")]);
    expect(fit(59)).toEqual(base);
    expect(fit(0)).toEqual(base);
  });

  it("leaves no smaller chart in for a larger one that comes first: the order is what people are told", () => {
    expect(
      fitting([chart("large"), chart("small")], {
        rowsIn: (stream) => (stream === chart("large") ? 50 : 1),
        links: new Map(),
        most: 10,
      }),
    ).toEqual([]);
  });

  it("keeps the records of one person together, or leaves them together", () => {
    const merged = new Map([["c", "b"]]);
    expect(fit(119, merged)).toEqual([...base, chart("a")]);
    expect(fit(120, merged)).toEqual([...base, ...["a", "b", "c"].map(chart)]);
  });
});
