import { DomainError } from "#domain/errors/catalog.ts";
import { addMinutes, instant } from "#domain/kernel/instant.ts";
import type { EntityManager } from "#server/database/database.ts";
import { assertSeesPatients } from "#server/staff/index.ts";

export interface Slot {
  readonly id: string;
  readonly clinicianId: string;
  readonly start: string;
  readonly minutes: number;
}

/** How far around the wanted time free slots are looked for, in minutes. */
const REACH = 8 * 60;
const STEP = 15;

/**
 * Refuses a slot that somebody holds and names the three nearest free ones. The clinician's row is locked, so that
 * two bookings for one clinician are judged one after the other; the exclusion constraint stands behind it.
 * @throws {DomainError} slot_taken {nearest: [instants]}; missing_parent, clinician_unavailable
 */
export async function assertFree(em: EntityManager, slot: Slot): Promise<void> {
  await assertSeesPatients(em, slot.clinicianId);
  const from = addMinutes(slot.start, -REACH - 60);
  const to = addMinutes(slot.start, REACH + 60);
  const busy: { start: string; minutes: number }[] = await em.execute(
    `select start, minutes from appointment where clinician_id = ? and lane = 0 and id <> ?
     and status not in ('cancelled', 'no-show') and start between ? and ?`,
    [slot.clinicianId, slot.id, from, to],
  );
  const taken = busy.map(({ start, minutes }) => ({
    from: Date.parse(start),
    to: Date.parse(start) + minutes * 60_000,
  }));
  const isFree = (at: number) =>
    taken.every((other) => at >= other.to || at + slot.minutes * 60_000 <= other.from);
  const wanted = Date.parse(slot.start);
  if (isFree(wanted)) return;
  const nearest: string[] = [];
  for (let distance = STEP; distance <= REACH && nearest.length < 3; distance += STEP)
    for (const at of [wanted + distance * 60_000, wanted - distance * 60_000])
      if (nearest.length < 3 && isFree(at)) nearest.push(instant(at));
  throw new DomainError("slot_taken", { nearest });
}
