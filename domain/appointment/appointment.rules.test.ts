import { describe, expect, it } from "vitest";
import { mayHappen, statusBefore } from "./appointment.rules.ts";
import { appointmentStatuses } from "./appointment.schema.ts";

const zone = "America/New_York";
/** 9:00 on a Tuesday in New York. */
const visit = { start: "2027-01-12T14:00:00.000Z", minutes: 15 };
const possible = (at: string, appointment = visit) =>
  appointmentStatuses.filter((status) => mayHappen(status, appointment, zone, Date.parse(at)));

describe("a step", () => {
  it("before the day can only say that the patient will come, or will not (C21)", () => {
    expect(possible("2027-01-11T14:00:00Z")).toEqual(["booked", "confirmed", "cancelled"]);
  });

  it("on the day can be any; the day is the practice's, not that of UTC", () => {
    // 23:59 the evening before and 0:00 in New York.
    expect(possible("2027-01-12T04:59:00Z")).not.toContain("arrived");
    expect(possible("2027-01-12T05:00:00Z")).toEqual([...appointmentStatuses]);
    expect(possible("2027-01-13T04:59:00Z")).toEqual([...appointmentStatuses]);
  });

  it("after the day can only say how it ended", () => {
    expect(possible("2027-01-13T05:00:00Z")).toEqual(["done", "no-show", "cancelled"]);
  });

  it("of a visit over midnight belongs to its day until it ends", () => {
    const late = { start: "2027-01-13T04:45:00.000Z", minutes: 30 };
    expect(possible("2027-01-13T05:05:00Z", late)).toContain("roomed");
    expect(possible("2027-01-13T05:15:00Z", late)).not.toContain("roomed");
  });
});

describe("the status before", () => {
  const by = "01900000-0000-7000-8000-000000000000";
  const at = visit.start;
  const trail = (...steps: readonly (readonly [(typeof appointmentStatuses)[number], true?])[]) =>
    steps.map(([status, undone]) => ({ status, at, by, ...(undone && { undone }) }));

  it("a cancellation is what it was cancelled from, whatever was undone in between", () => {
    expect(
      statusBefore({
        status: "cancelled",
        trail: trail(["booked"], ["confirmed"], ["arrived"], ["confirmed", true], ["cancelled"]),
      }),
    ).toBe("confirmed");
  });

  it("what is done, or only booked, there is none", () => {
    expect(statusBefore({ status: "booked", trail: trail(["booked"]) })).toBeUndefined();
    expect(statusBefore({ status: "done", trail: trail(["booked"], ["done"]) })).toBeUndefined();
  });
});
