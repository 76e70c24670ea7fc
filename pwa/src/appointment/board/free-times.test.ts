import { describe, expect, it } from "vitest";
import type { Appointment } from "#domain/appointment/index.ts";
import { freedSlots, freeTimes, takenSlot } from "./free-times.ts";

const zone = "America/New_York";
const clinic = {
  zone,
  hoursOf: () => [{ weekday: 2, spans: [{ from: "09:00", to: "10:00" }], capacity: 1 }],
};
const start = (time: string) => new Date(`2027-01-12T${time}:00-05:00`).toISOString();
const booked = (id: string, time: string, change: Partial<Appointment> = {}): Appointment => ({
  id,
  patientId: "p",
  clinicianId: "c",
  visitTypeId: "v",
  start: start(time),
  minutes: 15,
  lane: 0,
  status: "booked",
  reason: "",
  roomId: null,
  walkIn: false,
  overbookReason: "",
  cancelReason: "",
  trail: [],
  ...change,
});
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
