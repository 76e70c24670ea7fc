import { describe, expect, it } from "vitest";
import { closeOfNextClinicDay } from "./index.ts";

const zone = "America/New_York";
const weekdays = [1, 2, 3, 4, 5].flatMap((weekday) => [
  { weekday, spans: [{ from: "08:00", to: "12:00" }] },
  {
    weekday,
    spans: [
      { from: "09:00", to: "12:00" },
      { from: "13:00", to: "17:30" },
    ],
  },
]);
const close = (at: string, hours: Parameters<typeof closeOfNextClinicDay>[0] = weekdays) =>
  closeOfNextClinicDay(hours, zone, at);

describe("C23 the close of the next clinic day", () => {
  it.each([
    ["a Friday's contact reaches Monday's close", "2027-01-15T15:00:00.000Z", "2027-01-18T22:30:00.000Z"],
    ["so does one at the weekend", "2027-01-17T15:00:00.000Z", "2027-01-18T22:30:00.000Z"],
    ["a Monday's reaches Tuesday's", "2027-01-18T15:00:00.000Z", "2027-01-19T22:30:00.000Z"],
    [
      "the day is that of the practice, not of Greenwich",
      "2027-01-19T03:00:00.000Z",
      "2027-01-19T22:30:00.000Z",
    ],
    ["over a change of the clock", "2027-03-12T15:00:00.000Z", "2027-03-15T21:30:00.000Z"],
  ])("%s", (_what, at, until) => {
    expect(close(at)).toBe(until);
  });

  it("a practice that works on one day a week reaches the same day of the next", () => {
    expect(close("2027-01-18T15:00:00.000Z", [{ weekday: 1, spans: [{ from: "08:00", to: "16:00" }] }])).toBe(
      "2027-01-25T21:00:00.000Z",
    );
  });

  it("is nothing where nobody has hours", () => {
    expect(close("2027-01-18T15:00:00.000Z", [])).toBeNull();
    expect(close("2027-01-18T15:00:00.000Z", [{ weekday: 2, spans: [] }])).toBeNull();
  });
});
