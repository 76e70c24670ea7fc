import { describe, expect, it } from "vitest";
import type { Appointment } from "#domain/appointment/index.ts";
import { freedSlots, freeTimes, nextFree, takenSlot } from "./free-times.ts";
import { noLeases } from "./leases.ts";
import { booked, start } from "./testing/booked.ts";

const zone = "America/New_York";
const clinic = {
  zone,
  leases: noLeases,
  hoursOf: () => [{ weekday: 2, spans: [{ from: "09:00", to: "10:00" }], capacity: 1 }],
};
const day = (...appointments: Appointment[]) => ({
  date: "2027-01-12",
  appointments,
  waiting: new Set<string>(),
});
const slot = (time: string, change = {}) => ({
  id: "",
  clinicianId: "c",
  start: start(time),
  minutes: 15,
  ...change,
});

describe("a time on the tablet", () => {
  it("is refused with the nearest free ones when somebody has it, and not to whoever has it already", () => {
    const mine = booked("a", "09:15");
    expect(takenSlot(clinic, day(mine), slot("09:15"))).toEqual({
      byDesk: false,
      nearest: [start("09:30"), start("09:00"), start("09:45")],
    });
    expect(takenSlot(clinic, day(mine), slot("09:15", { id: "a", minutes: 30 }))).toBeNull();
    expect(takenSlot(clinic, day(mine), slot("09:15", { clinicianId: "d" }))).toBeNull();
  });

  it("stays free beside a deliberate overbooking, as at the clinic", () => {
    expect(takenSlot(clinic, day(booked("a", "09:15", { lane: 1 })), slot("09:15"))).toBeNull();
  });

  it("is offered inside the hours only, and only where the whole visit fits", () => {
    const usual = { from: 0, to: 0 };
    const wanted = { id: "", clinicianId: "c", minutes: 30 };
    expect(freeTimes(clinic, day(booked("a", "09:00")), wanted, { usual })).toEqual([
      start("09:15"),
      start("09:30"),
    ]);
    expect(freeTimes(clinic, day(), wanted, { usual, after: Date.parse(start("09:20")) })).toEqual([
      start("09:30"),
    ]);
  });

  it("came free when somebody cancelled or missed it, until it is taken again or past", () => {
    const gone = booked("a", "09:00", { status: "cancelled" });
    const missed = booked("b", "09:30", { status: "no-show" });
    const freed = (...others: Appointment[]) =>
      freedSlots(clinic, day(gone, missed, ...others), Date.parse(start("08:00"))).map(({ id }) => id);
    expect(freed()).toEqual(["a", "b"]);
    expect(freed(booked("c", "09:00"))).toEqual(["b"]);
    expect(freedSlots(clinic, day(gone), Date.parse(start("09:01")))).toEqual([]);
  });
});

describe("the next free time", () => {
  const wanted = { id: "", clinicianId: "c", minutes: 15 };
  const after = (from: string, now: string, ...appointments: Appointment[]) =>
    nextFree(clinic, day(...appointments), wanted, { from, days: 14, now: Date.parse(now) });

  it("is on the next day with hours, whatever is full before it", () => {
    expect(after("2027-01-10", "2027-01-10T12:00:00Z")).toBe(start("09:00"));
    const full = ["09:00", "09:15", "09:30", "09:45"].map((time) => booked(time, time));
    expect(after("2027-01-10", "2027-01-10T12:00:00Z", ...full)).toBe(
      new Date("2027-01-19T09:00:00-05:00").toISOString(),
    );
  });

  it("is never in the past, and nothing is made up where nobody ever works", () => {
    expect(after("2027-01-12", start("09:20"))).toBe(start("09:30"));
    const never = { zone, leases: noLeases, hoursOf: () => [{ weekday: 2, spans: [], capacity: 1 }] };
    expect(nextFree(never, day(), wanted, { from: "2027-01-12", days: 14, now: 0 })).toBeNull();
  });
});
