import { describe, expect, it } from "vitest";
import type { Appointment } from "#domain/appointment/index.ts";
import type { SlotLease } from "#domain/slot-lease/index.ts";
import type { CallBack } from "#domain/task/index.ts";
import { timesToOffer } from "./call-back-times.ts";
import { freeTimes, takenSlot } from "./free-times.ts";
import { noLeases, promisable, promisesOf } from "./leases.ts";
import { booked, start } from "./testing/booked.ts";

const zone = "America/New_York";
const hours = [{ weekday: 2, spans: [{ from: "09:00", to: "10:00" }], capacity: 1 }];
const lease = (time: string, change: Partial<SlotLease> = {}): SlotLease => ({
  id: `lease ${time}`,
  clinicianId: "c",
  start: start(time),
  minutes: 30,
  lane: 0,
  deviceId: "here",
  until: start("20:00"),
  status: "held",
  ...change,
});
const nothingWaits = new Set<string>();
const clinic = (leases = noLeases) => ({ zone, hoursOf: () => hours, leases });

describe("a desk without the clinic", () => {
  const own = [lease("09:00"), lease("09:30")];

  it("is sure of a booking inside a time it holds, and of no other", () => {
    const visits = [booked("in", "09:15"), booked("out", "08:00"), booked("long", "09:30", { minutes: 45 })];
    const { sure, left } = promisesOf({ own, others: [] }, visits, ["in", "out", "long"]);
    expect([...sure]).toEqual(["in"]);
    // The long visit lies over the second one: what is left of it is nobody's promise.
    expect(left).toEqual([]);
  });

  it("promises a time once: what the first booking leaves of it is everybody's", () => {
    const visits = [booked("first", "09:00"), booked("second", "09:15")];
    const one = (...order: string[]) => [...promisesOf({ own, others: [] }, visits, order).sure];
    expect(one("first", "second")).toEqual(["first"]);
    expect(one("second", "first")).toEqual(["second"]);
  });

  it("holds a time still when its booking was cancelled", () => {
    const visits = [booked("gone", "09:00", { status: "cancelled" })];
    expect(promisesOf({ own, others: [] }, visits, ["gone"]).left).toEqual(own);
  });

  it("names the times it holds that are long enough, the nearest first, with whomever", () => {
    const held = [...own, lease("08:00", { clinicianId: "d" })];
    const wanted = { clinicianId: "c", start: start("08:30"), minutes: 30 };
    expect(promisable(held, wanted).map(({ id }) => id)).toEqual([
      "lease 09:00",
      "lease 08:00",
      "lease 09:30",
    ]);
    expect(promisable(held, { ...wanted, minutes: 45 })).toEqual([]);
  });
});

describe("a time that another desk may promise", () => {
  const leases = { own: [], others: [lease("09:15", { deviceId: "there" })] };
  const day = { date: "2027-01-12", appointments: [] as Appointment[], waiting: nothingWaits };
  const slot = { id: "", clinicianId: "c", start: start("09:15"), minutes: 15 };

  it("is not free here, and is told apart from one that is taken", () => {
    expect(takenSlot(clinic(leases), day, slot)).toEqual({
      byDesk: true,
      nearest: [start("09:00"), start("09:45")],
    });
    const full = { ...day, appointments: [booked("a", "09:15")] };
    expect(takenSlot(clinic(leases), full, slot)).toMatchObject({ byDesk: false });
    const usual = { from: 0, to: 0 };
    expect(freeTimes(clinic(leases), day, slot, { usual })).toEqual([start("09:00"), start("09:45")]);
  });

  it("is free to the desk that holds it", () => {
    expect(takenSlot(clinic({ own: leases.others, others: [] }), day, slot)).toBeNull();
  });
});

describe("the times to offer in a call", () => {
  const lost: CallBack = {
    appointmentId: "lost",
    change: "book",
    clinicianId: "c",
    visitTypeId: "v",
    start: start("09:30"),
    minutes: 15,
    reason: "",
    promisedAt: start("08:00"),
    times: [start("09:45"), start("09:15"), start("09:00")],
  };
  const early = Date.parse(start("08:00"));
  const offered = (now: number, ...appointments: Appointment[]) =>
    timesToOffer(clinic(), appointments, lost, now);

  it("are those that the clinic named, as far as nobody took them, in order of time", () => {
    expect(offered(early, booked("a", "09:30"))).toEqual(
      ["09:00", "09:15", "09:45"].map((time) => start(time)),
    );
  });

  it("come after now, on the next day with hours where the lost one is over", () => {
    const next = (time: string) => start(time, "2027-01-19");
    expect(offered(Date.parse(start("09:31")), booked("a", "09:45"))).toEqual(
      ["09:00", "09:15", "09:30"].map(next),
    );
  });

  it("begin with the lost time where it came free again", () => {
    expect(offered(early)).toContain(start("09:30"));
    expect(offered(early)).toHaveLength(3);
  });
});
