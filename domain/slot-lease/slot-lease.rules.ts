import { capacityAt, freeLane, type HeldTime, type Hours, workedSpans } from "../appointment/index.ts";
import { instant } from "../kernel/instant.ts";
import type { SlotLease } from "./slot-lease.schema.ts";

/** Times of one day that a desk's device holds at most. */
export const leasesPerDay = 4;
/** Clinic days ahead, today among them, for which a desk holds times: most who phone want to come within the week. */
export const leaseDays = 5;
/** How far ahead those days are looked for, in days. */
export const leaseHorizon = 14;
/** What begins sooner is left to those who stand at the desk, in milliseconds. */
const SOON = 3_600_000;
/** One of so many free times of a clinician's day may be held; the others stay everybody's. */
const SHARE = 4;
const MINUTE = 60_000;

/** An expired lease holds nothing, whether or not anybody has tidied it away. */
export const isHeld = ({ status, until }: Pick<SlotLease, "status" | "until">, at: number): boolean =>
  status === "held" && Date.parse(until) > at;

export function leasedTime({
  start,
  minutes,
  lane,
}: Pick<SlotLease, "start" | "minutes" | "lane">): HeldTime {
  const from = Date.parse(start);
  return { from, to: from + minutes * MINUTE, lane };
}

type Time = Pick<SlotLease, "clinicianId" | "start" | "minutes">;

/** Whether a visit lies within a lease from its beginning to its end. */
export function fitsLease(lease: Time, visit: Time): boolean {
  const [from, start] = [Date.parse(lease.start), Date.parse(visit.start)];
  return (
    lease.clinicianId === visit.clinicianId &&
    start >= from &&
    start + visit.minutes * MINUTE <= from + lease.minutes * MINUTE
  );
}

/** As long as the middle one of the practice's visit types, so that most of what is asked for fits. */
export function leaseMinutes(
  types: readonly { readonly minutes: number; readonly active: boolean }[],
): number {
  const lengths = types.filter(({ active }) => active).map(({ minutes }) => minutes);
  return lengths.toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 15;
}

export interface LeaseDay {
  readonly zone: string;
  readonly date: string;
  readonly now: number;
  readonly minutes: number;
  readonly deviceId: string;
  readonly clinicians: readonly {
    readonly id: string;
    readonly hours: readonly Hours[];
    /** Appointments. */
    readonly held: readonly HeldTime[];
    /** What is leased already, to whichever device. */
    readonly leases: readonly SlotLease[];
  }[];
}

export type LeasedSlot = Pick<SlotLease, "clinicianId" | "start" | "minutes" | "lane">;

/**
 * Which times of a day a device gets besides those it has. Who phones wants somebody in particular, or a part of the
 * day: the times go to the clinicians in turn, and each lies as far from the others of this desk as it can. A day
 * that fills up is not leased away: of a clinician's free times three in four stay everybody's.
 */
export function timesToLease(day: LeaseDay): LeasedSlot[] {
  const own = day.clinicians.flatMap(({ leases }) =>
    leases.filter(({ deviceId }) => deviceId === day.deviceId).map(leasedTime),
  );
  const columns = day.clinicians.map((clinician) => {
    const free = freeSlots(day, clinician);
    const leased = clinician.leases.length;
    return {
      free,
      /** How many more may be leased of this clinician's day. */
      room: Math.floor((free.length + leased) / SHARE) - leased,
      mine: clinician.leases.filter(({ deviceId }) => deviceId === day.deviceId).length,
    };
  });
  const chosen: LeasedSlot[] = [];
  while (own.length < leasesPerDay) {
    const next = columns
      .filter(({ room, free }) => room > 0 && free.length > 0)
      .toSorted((a, b) => a.mine - b.mine || b.free.length - a.free.length)[0];
    if (!next) break;
    const slot = farthest(next.free, own);
    next.free.splice(next.free.indexOf(slot), 1);
    next.room--;
    next.mine++;
    own.push(leasedTime(slot));
    chosen.push(slot);
  }
  return chosen;
}

/** The times of a clinician's day that nobody has, one after the other. */
function freeSlots(
  { zone, date, now, minutes }: LeaseDay,
  { id, hours, held, leases }: LeaseDay["clinicians"][number],
): LeasedSlot[] {
  const taken = [...held, ...leases.map(leasedTime)];
  const free: LeasedSlot[] = [];
  for (const { from, to } of workedSpans(zone, hours, date))
    for (let at = from; at + minutes * MINUTE <= to; at += minutes * MINUTE) {
      const lane = freeLane(taken, at, minutes, 0, capacityAt(zone, hours, at));
      if (lane !== undefined && at >= now + SOON)
        free.push({ clinicianId: id, start: instant(at), minutes, lane });
    }
  return free;
}

/** The one that is farthest in time from all that are held; the earliest of equals. */
function farthest(free: readonly LeasedSlot[], from: readonly HeldTime[]): LeasedSlot {
  const distance = ({ start }: LeasedSlot) =>
    Math.min(...from.map((one) => Math.abs(one.from - Date.parse(start))));
  return free.reduce((best, slot) => (distance(slot) > distance(best) ? slot : best));
}
