import {
  capacityAt,
  freeLane,
  type HeldTime,
  nearestFree,
  slotLanes,
  slotReach,
} from "#domain/appointment/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { addMinutes } from "#domain/kernel/instant.ts";
import type { EntityManager } from "#server/database/database.ts";
import { assertSeesPatients } from "#server/staff/index.ts";
import { WorkingHoursEntity } from "#server/working-hours/index.ts";

export interface Slot {
  readonly id: string;
  readonly clinicianId: string;
  readonly start: string;
  readonly minutes: number;
}

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
  const at = Date.parse(slot.start);
  const { minutes } = slot;
  const capacity = capacityAt(zone, hours, at);
  const held = await heldAround(em, slot);
  const lane =
    freeLane(held, at, minutes, 0, capacity) ??
    (options.overbook ? freeLane(held, at, minutes, capacity, slotLanes) : undefined);
  if (lane !== undefined) return lane;
  throw new DomainError("slot_taken", { nearest: nearestFree({ zone, hours, held, at, minutes }) });
}

async function heldAround(em: EntityManager, slot: Slot): Promise<HeldTime[]> {
  const rows: { start: string; minutes: number; lane: number }[] = await em.execute(
    `select start, minutes, lane from appointment where clinician_id = ? and id <> ?
     and status not in ('cancelled', 'no-show') and start between ? and ?`,
    [
      slot.clinicianId,
      slot.id,
      addMinutes(slot.start, -slotReach - 60),
      addMinutes(slot.start, slotReach + 60),
    ],
  );
  return rows.map(({ start, minutes, lane }) => {
    const from = Date.parse(start);
    return { from, to: from + minutes * 60_000, lane };
  });
}
