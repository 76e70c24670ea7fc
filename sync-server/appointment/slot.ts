import { DomainError } from "#domain/errors/catalog.ts";
import { addMinutes, dateIn, instant, instantIn } from "#domain/kernel/instant.ts";
import { weekdayOf } from "#domain/working-hours/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { assertSeesPatients } from "#server/staff/index.ts";
import { WorkingHoursEntity } from "#server/working-hours/index.ts";

export interface Slot {
  readonly id: string;
  readonly clinicianId: string;
  readonly start: string;
  readonly minutes: number;
}

interface Taken {
  readonly from: number;
  readonly to: number;
  readonly lane: number;
}

/** How far around the wanted time free slots are looked for, in minutes. */
const REACH = 8 * 60;
const STEP = 15;
const LANES = 10;

/**
 * Gives a slot its lane: 0…capacity − 1 are normal, a higher one is a deliberate overbooking (C21). A full slot is
 * refused with the three nearest free ones. The clinician's row is locked, so that two bookings for one clinician are
 * judged one after the other; the exclusion constraint stands behind it.
 * @throws {DomainError} slot_taken {nearest: [instants]}; missing_parent when there is no such clinician; not_bookable
 */
export async function laneFor(
  em: EntityManager,
  zone: string,
  slot: Slot,
  options: { readonly overbook: boolean },
): Promise<number> {
  await assertSeesPatients(em, slot.clinicianId);
  const hours = await em.find(WorkingHoursEntity, { clinicianId: slot.clinicianId });
  const today = hours.find(({ weekday }) => weekday === weekdayOf(dateIn(zone, slot.start)));
  const capacity = today?.capacity ?? 1;
  const taken = await takenAround(em, slot);
  const wanted = Date.parse(slot.start);
  const free = (at: number, lane: number) =>
    taken.every((one) => one.lane !== lane || at >= one.to || at + slot.minutes * 60_000 <= one.from);
  const firstFree = (at: number, from: number, to: number) =>
    Array.from({ length: to - from }, (_, k) => from + k).find((lane) => free(at, lane));

  const lane =
    firstFree(wanted, 0, capacity) ?? (options.overbook ? firstFree(wanted, capacity, LANES) : undefined);
  if (lane !== undefined) return lane;

  const worked = (at: number) => hours.length === 0 || isWorked(zone, hours, at, slot.minutes);
  const nearest: string[] = [];
  for (let distance = STEP; distance <= REACH && nearest.length < 3; distance += STEP)
    for (const at of [wanted + distance * 60_000, wanted - distance * 60_000])
      if (nearest.length < 3 && worked(at) && firstFree(at, 0, capacity) !== undefined)
        nearest.push(instant(at));
  throw new DomainError("slot_taken", { nearest });
}

async function takenAround(em: EntityManager, slot: Slot): Promise<Taken[]> {
  const rows: { start: string; minutes: number; lane: number }[] = await em.execute(
    `select start, minutes, lane from appointment where clinician_id = ? and id <> ?
     and status not in ('cancelled', 'no-show') and start between ? and ?`,
    [slot.clinicianId, slot.id, addMinutes(slot.start, -REACH - 60), addMinutes(slot.start, REACH + 60)],
  );
  return rows.map(({ start, minutes, lane }) => {
    const from = Date.parse(start);
    return { from, to: from + minutes * 60_000, lane };
  });
}

/** Whether a time lies wholly inside the clinician's hours, by the practice's wall clock. */
function isWorked(
  zone: string,
  hours: readonly Pick<WorkingHoursEntity, "weekday" | "spans">[],
  at: number,
  minutes: number,
): boolean {
  const date = dateIn(zone, at);
  const day = hours.find(({ weekday }) => weekday === weekdayOf(date));
  return (day?.spans ?? []).some(
    ({ from, to }) =>
      at >= Date.parse(instantIn(zone, date, from)) &&
      at + minutes * 60_000 <= Date.parse(instantIn(zone, date, to)),
  );
}
