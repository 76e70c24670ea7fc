import type { Appointment } from "#domain/appointment/index.ts";
import { nearestFree } from "#domain/appointment/index.ts";
import type { CallBack } from "#domain/task/index.ts";
import { heldOf, takenSlot } from "./free-times.ts";
import type { Timetable } from "./use-clinic.ts";

/** How many days around the lost time, or around today, others are looked for. */
export const CALL_BACK_REACH = 7;
const OFFERED = 3;
const nothingWaits: ReadonlySet<string> = new Set();

/**
 * What to offer somebody who lost a time: that time again where it came free, what the clinic named then as far as it is
 * still free, and the nearest free ones of now. `appointments` are the clinician's within {@link CALL_BACK_REACH}.
 */
export function timesToOffer(
  clinic: Timetable,
  appointments: readonly Appointment[],
  lost: CallBack,
  now: number,
): readonly string[] {
  const { clinicianId, minutes, appointmentId: id } = lost;
  const day = { appointments, waiting: nothingWaits };
  const isFree = (start: string) =>
    Date.parse(start) > now && takenSlot(clinic, day, { id, clinicianId, start, minutes }) === null;
  const near = nearestFree({
    zone: clinic.zone,
    hours: clinic.hoursOf(clinicianId),
    held: heldOf(clinic, day, { id, clinicianId }),
    at: Math.max(Date.parse(lost.start), quarterAfter(now)),
    minutes,
    reach: CALL_BACK_REACH * 24 * 60,
    after: now,
  });
  const offered = [...[lost.start, ...lost.times].filter(isFree), ...near];
  return [...new Set(offered)].slice(0, OFFERED).toSorted();
}

const QUARTER = 15 * 60_000;
const quarterAfter = (at: number): number => Math.ceil(at / QUARTER) * QUARTER;
