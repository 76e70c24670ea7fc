import {
  type Appointment,
  capacityAt,
  freeLane,
  holdsSlot,
  nearestFree,
  workedSpans,
} from "#domain/appointment/index.ts";
import { instant } from "#domain/kernel/instant.ts";
import { QUARTER } from "./day-frame.ts";
import { placed } from "./lanes.ts";
import type { Clinic, ClinicDay } from "./use-clinic.ts";

export interface WantedSlot {
  /** The appointment that is moved, if one is: it does not stand in its own way. */
  readonly id: string;
  readonly clinicianId: string;
  readonly start: string;
  readonly minutes: number;
}

type Day = Pick<ClinicDay, "appointments" | "waiting">;

const heldOf = (day: Day, { id, clinicianId }: Pick<WantedSlot, "id" | "clinicianId">) =>
  placed(
    day.appointments.filter((one) => one.clinicianId === clinicianId && one.id !== id),
    day.waiting,
  );

/** Whether a slot is full as far as this tablet knows, and the nearest free ones: the same rule as the clinic's (C21). */
export function takenSlot(
  clinic: Pick<Clinic, "zone" | "hoursOf">,
  day: Day,
  slot: WantedSlot,
): { readonly nearest: readonly string[] } | null {
  const { zone } = clinic;
  const hours = clinic.hoursOf(slot.clinicianId);
  const held = heldOf(day, slot);
  const at = Date.parse(slot.start);
  if (freeLane(held, at, slot.minutes, 0, capacityAt(zone, hours, at)) !== undefined) return null;
  return { nearest: nearestFree({ zone, hours, held, at, minutes: slot.minutes }) };
}

/** Every quarter hour of a day at which a visit of this length fits into a clinician's hours. */
export function freeTimes(
  clinic: Pick<Clinic, "zone" | "hoursOf">,
  day: Day & { readonly date: string },
  wanted: Pick<WantedSlot, "id" | "clinicianId" | "minutes">,
  { usual, after = Number.NEGATIVE_INFINITY }: { readonly usual: Span; readonly after?: number },
): string[] {
  const { zone } = clinic;
  const hours = clinic.hoursOf(wanted.clinicianId);
  const held = heldOf(day, wanted);
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

/** Times that somebody gave back and nobody took: cancelled or missed, and free still. */
export function freedSlots(
  clinic: Pick<Clinic, "zone" | "hoursOf">,
  day: Day,
  after: number,
): readonly Appointment[] {
  const seen = new Set<string>();
  return day.appointments.filter((one) => {
    const key = `${one.clinicianId} ${one.start}`;
    if (holdsSlot(one.status) || Date.parse(one.start) < after || seen.has(key)) return false;
    seen.add(key);
    return takenSlot(clinic, day, { ...one, id: "" }) === null;
  });
}
