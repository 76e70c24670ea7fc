import { describe, expect, it } from "vitest";
import { newId } from "../kernel/id.ts";
import { instant } from "../kernel/instant.ts";
import {
  fitsLease,
  isHeld,
  type LeasedSlot,
  leasedTime,
  leaseMinutes,
  type SlotLease,
  timesToLease,
} from "./index.ts";

const zone = "America/New_York";
const date = "2027-01-12";
const at = (time: string) => Date.parse(`${date}T${time}:00-05:00`);
const start = (time: string) => instant(at(time));
const [maya, daniel, desk, otherDesk] = [newId(), newId(), newId(), newId()];
const tuesday = (from: string, to: string, capacity = 1) => [{ weekday: 2, spans: [{ from, to }], capacity }];

const lease = (time: string, change: Partial<SlotLease> = {}): SlotLease => ({
  id: newId(),
  clinicianId: maya,
  start: start(time),
  minutes: 30,
  lane: 0,
  deviceId: desk,
  until: start("20:00"),
  status: "held",
  ...change,
});

type Day = Parameters<typeof timesToLease>[0];
type Column = Day["clinicians"][number];
const column = (change: Partial<Column> = {}): Column => ({
  id: maya,
  hours: tuesday("08:00", "16:00"),
  held: [],
  leases: [],
  ...change,
});
const given = (clinicians: readonly Column[], change: Partial<Day> = {}) =>
  timesToLease({ zone, date, now: at("00:00"), minutes: 30, deviceId: desk, clinicians, ...change });
const times = (slots: readonly LeasedSlot[]) => slots.map((slot) => slot.start).sort();

describe("a lease", () => {
  it("holds nothing from the instant on at which it ends", () => {
    const one = lease("09:00", { until: start("12:00") });
    expect(isHeld(one, at("12:00") - 1)).toBe(true);
    expect(isHeld(one, at("12:00"))).toBe(false);
    expect(isHeld({ ...one, status: "used" }, at("09:00"))).toBe(false);
  });

  it("is for a visit that lies within it, of its clinician", () => {
    const one = lease("09:00");
    const visit = (time: string, minutes: number, clinicianId = maya) => ({
      clinicianId,
      start: start(time),
      minutes,
    });
    expect(fitsLease(one, visit("09:00", 30))).toBe(true);
    expect(fitsLease(one, visit("09:15", 15))).toBe(true);
    expect(fitsLease(one, visit("09:15", 30))).toBe(false);
    expect(fitsLease(one, visit("08:55", 15))).toBe(false);
    expect(fitsLease(one, visit("09:00", 30, daniel))).toBe(false);
  });

  it("is as long as the middle one of the visits that are offered", () => {
    const type = (minutes: number, active = true) => ({ minutes, active });
    expect(leaseMinutes([15, 45, 30, 15, 30].map((minutes) => type(minutes)))).toBe(30);
    expect(leaseMinutes([type(10), type(60, false)])).toBe(10);
    expect(leaseMinutes([])).toBe(15);
  });
});

describe("a desk's device", () => {
  it("is given four times a day, of all clinicians in turn, spread over the day", () => {
    const slots = given([column(), column({ id: daniel })]);
    expect(slots.map(({ clinicianId }) => clinicianId)).toEqual([maya, daniel, maya, daniel]);
    expect(times(slots)).toEqual(["08:00", "11:30", "13:30", "15:30"].map(start));
  });

  it("keeps what it has, and is given only what is missing", () => {
    const has = [lease("08:00"), lease("15:30"), lease("12:00")];
    expect(given([column({ leases: has }), column({ id: daniel })])).toMatchObject([{ clinicianId: daniel }]);
    const four = [...has, lease("10:00")];
    expect(given([column({ leases: four }), column({ id: daniel })])).toEqual([]);
  });

  it("is given no time that anybody has, and none of the hour that comes", () => {
    const held = [lease("15:30"), lease("15:00")].map(leasedTime);
    const other = lease("14:30", { deviceId: otherDesk });
    const slots = given([column({ held, leases: [other] })], { now: at("07:15") });
    expect(times(slots)).toEqual(["08:30", "14:00"].map(start));
  });

  it("takes one in four of a clinician's free times and no more, so that the rest is there for who comes", () => {
    // Eight free times: two may be held, whoever holds them.
    const short = column({ hours: tuesday("08:00", "12:00") });
    expect(given([short])).toHaveLength(2);
    expect(given([{ ...short, leases: [lease("08:00", { deviceId: otherDesk })] }])).toHaveLength(1);
    // Three: the day is nearly full.
    expect(given([column({ hours: tuesday("08:00", "09:30") })])).toEqual([]);
  });

  it("is given a lane of the normal capacity, never one of overbooking (C21)", () => {
    const hours = tuesday("08:00", "16:00", 2);
    const held = [{ from: at("08:00"), to: at("16:00"), lane: 0 }];
    expect(new Set(given([column({ hours, held })]).map(({ lane }) => lane))).toEqual(new Set([1]));
    expect(given([column({ held })])).toEqual([]);
  });

  it("is given nothing of somebody without hours", () => {
    expect(given([column({ hours: [] })])).toEqual([]);
  });
});
