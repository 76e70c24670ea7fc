import { describe, expect, it } from "vitest";
import type { Appointment } from "#domain/appointment/index.ts";
import { fits, offersFor } from "./offers.ts";

const zone = "America/New_York";
const start = (day: number, time: string) => new Date(`2027-01-${day}T${time}:00-05:00`).toISOString();
const clinic = {
  zone,
  leases: { own: [], others: [] },
  clinicians: [{ id: "maya" }, { id: "daniel" }] as never,
  types: new Map([["short", { id: "short", name: "Follow-up", minutes: 30, active: true }]]),
  hoursOf: (id: string) =>
    [2, 3].map((weekday) => ({
      weekday,
      spans: [{ from: "09:00", to: id === "maya" ? "10:00" : "09:30" }],
      capacity: 1,
    })),
};
const booked = (clinicianId: string, at: string, minutes: number, status = "booked") =>
  ({ id: `${clinicianId} ${at} ${status}`, clinicianId, start: at, minutes, status, lane: 0 }) as Appointment;
const wish = { clinicianId: null, visitTypeId: "short", from: "2027-01-12", until: "2027-01-13" };
const now = Date.parse(start(11, "12:00"));

describe("the wait list", () => {
  it("offers the time that came free before those that were never taken", () => {
    const appointments = [
      booked("maya", start(12, "09:00"), 60),
      booked("daniel", start(12, "09:00"), 30),
      booked("maya", start(13, "09:30"), 30, "cancelled"),
    ];
    expect(offersFor({ clinic, appointments, now }, wish)).toEqual([
      { clinicianId: "maya", start: start(13, "09:30"), freed: true },
      { clinicianId: "maya", start: start(13, "09:00"), freed: false },
      { clinicianId: "daniel", start: start(13, "09:00"), freed: false },
    ]);
  });

  it("offers nothing of another clinician, outside the days, in the past or too short", () => {
    const offers = (change: Partial<typeof wish> | { clinicianId: string }, at = now) =>
      offersFor({ clinic, appointments: [], now: at }, { ...wish, ...change }).map(({ start: time }) => time);
    expect(offers({ clinicianId: "daniel" })).toEqual([start(12, "09:00"), start(13, "09:00")]);
    expect(offers({ from: "2027-01-14", until: "2027-01-20" })).toEqual([
      start(19, "09:00"),
      start(19, "09:00"),
      start(20, "09:00"),
    ]);
    expect(offers({ until: "2027-01-12" }, Date.parse(start(12, "09:20")))).toEqual([start(12, "09:30")]);
  });

  it("says who fits a slot", () => {
    const slot = { clinicianId: "maya", start: start(12, "09:00") };
    const judge = (change: object, appointments: Appointment[] = []) =>
      fits({ clinic, appointments }, { ...wish, ...change }, slot);
    expect(judge({})).toBe(true);
    expect(judge({ clinicianId: "daniel" })).toBe(false);
    expect(judge({ from: "2027-01-13" })).toBe(false);
    expect(judge({}, [booked("maya", start(12, "09:15"), 15)])).toBe(false);
  });
});
