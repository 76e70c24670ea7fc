import {
  type Appointment,
  capacityAt,
  freeLane,
  type HeldTime,
  holdsSlot,
  nearestFree,
  workedSpans,
} from "#domain/appointment/index.ts";
import { addDays, dateIn, instant } from "#domain/kernel/instant.ts";
import { leasedTime } from "#domain/slot-lease/index.ts";
import { QUARTER, usualHours } from "./day-frame.ts";
import { placed } from "./lanes.ts";
import type { ClinicDay, Timetable } from "./use-clinic.ts";

export interface WantedSlot {
  /** The appointment that is moved, if one is: it does not stand in its own way. */
  readonly id: string;
  readonly clinicianId: string;
  readonly start: string;
  readonly minutes: number;
}

type Day = Pick<ClinicDay, "appointments" | "waiting">;

type Wanted = Pick<WantedSlot, "id" | "clinicianId">;

const bookedOf = (day: Day, { id, clinicianId }: Wanted): HeldTime[] =>
  placed(
    day.appointments.filter((one) => one.clinicianId === clinicianId && one.id !== id),
    day.waiting,
  );

/** What another desk may promise is taken; what this one may promise is there for it to book. */
const leasedOf = ({ leases }: Timetable, { clinicianId }: Wanted): HeldTime[] =>
  leases.others.filter((lease) => lease.clinicianId === clinicianId).map(leasedTime);

export const heldOf = (clinic: Timetable, day: Day, wanted: Wanted): HeldTime[] => [
  ...bookedOf(day, wanted),
  ...leasedOf(clinic, wanted),
];

export interface TakenSlot {
  /** Nobody is booked then, but another desk may promise it. */
  readonly byDesk: boolean;
  readonly nearest: readonly string[];
}

/** Whether a slot is full as far as this tablet knows, and the nearest free ones: the same rule as the clinic's (C21). */
export function takenSlot(clinic: Timetable, day: Day, slot: WantedSlot): TakenSlot | null {
  const { zone } = clinic;
  const { minutes } = slot;
  const hours = clinic.hoursOf(slot.clinicianId);
  const booked = bookedOf(day, slot);
  const held = [...booked, ...leasedOf(clinic, slot)];
  const at = Date.parse(slot.start);
  const capacity = capacityAt(zone, hours, at);
  if (freeLane(held, at, minutes, 0, capacity) !== undefined) return null;
  return {
    byDesk: freeLane(booked, at, minutes, 0, capacity) !== undefined,
    nearest: nearestFree({ zone, hours, held, at, minutes }),
  };
}

/** Every quarter hour of a day at which a visit of this length fits into a clinician's hours. */
export function freeTimes(
  clinic: Timetable,
  day: Day & { readonly date: string },
  wanted: Pick<WantedSlot, "id" | "clinicianId" | "minutes">,
  { usual, after = Number.NEGATIVE_INFINITY }: { readonly usual: Span; readonly after?: number },
): string[] {
  const { zone } = clinic;
  const hours = clinic.hoursOf(wanted.clinicianId);
  const held = heldOf(clinic, day, wanted);
  const spans = hours.length === 0 ? [usual] : workedSpans(zone, hours, day.date);
  const free: string[] = [];
  for (const { from, to } of spans) {
    const capacity = capacityAt(zone, hours, from);
    for (let at = from; at + wanted.minutes * 60_000 <= to; at += QUARTER)
      if (at >= after && freeLane(held, at, wanted.minutes, 0, capacity) !== undefined)
        free.push(instant(at));
  }
  return free;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Ahead {
  /** The first day that is looked at. */
  readonly from: string;
  readonly days: number;
  /** Nothing before is offered. */
  readonly now: number;
}

/** The first free time of the days ahead. `day` holds the appointments of all of them. */
export function nextFree(
  clinic: Timetable,
  day: Day,
  wanted: Pick<WantedSlot, "id" | "clinicianId" | "minutes">,
  { from, days, now }: Ahead,
): string | null {
  const { zone } = clinic;
  const byDate = Map.groupBy(day.appointments, ({ start }) => dateIn(zone, start));
  for (let ahead = 0; ahead < days; ahead++) {
    const date = addDays(from, ahead);
    const here = { date, appointments: byDate.get(date) ?? [], waiting: day.waiting };
    const [first] = freeTimes(clinic, here, wanted, { usual: usualHours(zone, date), after: now });
    if (first) return first;
  }
  return null;
}

/** Times that somebody gave back and nobody took: cancelled or missed, and free still. */
export function freedSlots(clinic: Timetable, day: Day, after: number): readonly Appointment[] {
  const seen = new Set<string>();
  return day.appointments.filter((one) => {
    const key = `${one.clinicianId} ${one.start}`;
    if (holdsSlot(one.status) || Date.parse(one.start) < after || seen.has(key)) return false;
    seen.add(key);
    return takenSlot(clinic, day, { ...one, id: "" }) === null;
  });
}
