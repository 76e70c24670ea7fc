import { describe, expect, it } from "vitest";
import { capacityAt, freeLane, nearestFree, workedSpans, worksOn } from "./slot.rules.ts";

const zone = "America/New_York";
const at = (time: string) => Date.parse(`2027-01-12T${time}:00-05:00`);
const held = (from: string, to: string, lane = 0) => ({ from: at(from), to: at(to), lane });
const tuesday = { weekday: 2, spans: [{ from: "09:00", to: "12:00" }], capacity: 1 };

describe("a slot", () => {
  it("has the first lane that nobody holds; touching is not overlapping", () => {
    const taken = [held("09:00", "09:15"), held("09:15", "09:30", 1)];
    expect(freeLane(taken, at("09:00"), 15, 0, 2)).toBe(1);
    expect(freeLane(taken, at("09:15"), 15, 0, 1)).toBe(0);
    expect(freeLane(taken, at("09:10"), 10, 0, 2)).toBeUndefined();
  });

  it("is named among the nearest free ones only inside the clinician's hours", () => {
    const hours = [tuesday];
    const near = (time: string, taken = [held(time, "23:00")]) =>
      nearestFree({ zone, hours, held: taken, at: at(time), minutes: 30 });
    expect(near("09:00", [held("09:00", "09:30")])).toEqual(
      ["09:30", "09:45", "10:00"].map((time) => new Date(at(time)).toISOString()),
    );
    expect(near("11:30")).toEqual(
      ["11:00", "10:45", "10:30"].map((time) => new Date(at(time)).toISOString()),
    );
    expect(nearestFree({ zone, hours: [], held: [], at: at("09:00"), minutes: 15 })).toHaveLength(3);
  });

  it("can be held by as many as the clinician's capacity on that weekday says", () => {
    const hours = [{ ...tuesday, capacity: 2 }];
    expect(capacityAt(zone, hours, at("09:00"))).toBe(2);
    expect(capacityAt(zone, hours, at("09:00") + 86_400_000)).toBe(1);
  });

  it("needs a day with hours; who has none at all is booked on any", () => {
    expect(worksOn([tuesday], "2027-01-12")).toBe(true);
    expect(worksOn([tuesday], "2027-01-13")).toBe(false);
    expect(worksOn([{ ...tuesday, spans: [] }], "2027-01-12")).toBe(false);
    expect(worksOn([], "2027-01-13")).toBe(true);
  });

  it("follows the wall clock on the days that the clock changes", () => {
    const sunday = [{ weekday: 7, spans: [{ from: "01:00", to: "09:00" }], capacity: 1 }];
    const hoursOn = (date: string) =>
      workedSpans(zone, sunday, date).map(({ from, to }) => (to - from) / 3_600_000);
    expect(hoursOn("2027-03-07")).toEqual([8]);
    expect(hoursOn("2027-03-14")).toEqual([7]);
    expect(hoursOn("2027-11-07")).toEqual([9]);
  });
});
