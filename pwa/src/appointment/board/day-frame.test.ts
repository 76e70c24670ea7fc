import { describe, expect, it } from "vitest";
import { dayBounds, dayFrame, quarterOf, snapped, typedInstant } from "./day-frame.ts";

const zone = "America/New_York";
const spring = "2027-03-14";
const autumn = "2027-11-07";

describe("a day on the board", () => {
  it("shows the usual hours, wider where somebody works or is booked", () => {
    const times = (frame: ReturnType<typeof dayFrame>) => [
      frame.quarters[0]!.time,
      frame.quarters.at(-1)!.time,
    ];
    expect(times(dayFrame(zone, "2027-01-12"))).toEqual(["08:00", "16:45"]);
    const early = Date.parse("2027-01-12T11:50:00Z");
    expect(times(dayFrame(zone, "2027-01-12", { spans: [{ from: early, to: early + 600_000 }] }))).toEqual([
      "06:00",
      "16:45",
    ]);
    const late = Date.parse("2027-01-13T01:06:00Z");
    expect(times(dayFrame(zone, "2027-01-12", { spans: [{ from: late, to: late + 900_000 }] }))).toEqual([
      "08:00",
      "20:45",
    ]);
  });

  it("has 23 hours when the clock goes forward and 25 when it goes back", () => {
    const hours = (date: string) => {
      const { from, to } = dayBounds(zone, date);
      return (to - from) / 3_600_000;
    };
    expect([spring, "2027-03-15", autumn].map(hours)).toEqual([23, 24, 25]);
    expect(dayFrame(zone, spring, { whole: true }).quarters).toHaveLength(23 * 4);
    expect(dayFrame(zone, autumn, { whole: true }).quarters).toHaveLength(25 * 4);
  });

  it("leaves out the hour that is skipped and names the zone in the hour that comes twice", () => {
    const skipped = dayFrame(zone, spring, { whole: true }).quarters.map(({ time }) => time);
    expect(skipped).not.toContain("02:00");
    expect(skipped.slice(4, 10)).toEqual(["01:00", "01:15", "01:30", "01:45", "03:00", "03:15"]);
    const twice = dayFrame(zone, autumn, { whole: true }).quarters.filter((quarter) => quarter.twice);
    expect(twice.map(({ time }) => time)).toEqual([
      ...["01:00", "01:15", "01:30", "01:45"],
      ...["01:00", "01:15", "01:30", "01:45"],
    ]);
  });

  it("puts nine o'clock at the right instant and row before and after the change", () => {
    for (const [date, utc] of [
      ["2027-03-13", "14:00"],
      [spring, "13:00"],
    ] as const) {
      const frame = dayFrame(zone, date);
      const nine = frame.quarters.find(({ time }) => time === "09:00")!;
      expect(new Date(nine.at).toISOString()).toBe(`${date}T${utc}:00.000Z`);
      expect(quarterOf(frame, nine.at + 60_000)).toBe(4);
    }
  });

  it("snaps a dragged card and keeps it on the day", () => {
    const frame = dayFrame(zone, "2027-01-12");
    const nine = Date.parse("2027-01-12T14:00:00Z");
    expect(snapped(frame, nine + 7 * 60_000, 15)).toBe(nine);
    expect(snapped(frame, nine + 8 * 60_000, 15)).toBe(nine + 15 * 60_000);
    expect(snapped(frame, nine + 8 * 60_000, 5)).toBe(nine + 10 * 60_000);
    expect(snapped(frame, frame.from - 3_600_000, 15)).toBe(frame.from);
    expect(snapped(frame, frame.to + 3_600_000, 15)).toBe(frame.to - 15 * 60_000);
  });

  it("takes a typed time unless the clock skips it on that day", () => {
    expect(typedInstant(zone, spring, "02:30")).toBeNull();
    expect(typedInstant(zone, spring, "03:30")).toBe(`${spring}T07:30:00.000Z`);
    expect(typedInstant(zone, "2027-01-12", "9")).toBeNull();
  });
});
