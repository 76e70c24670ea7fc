import {
  capacityAt,
  freeLane,
  type HeldTime,
  nearestFree,
  slotLanes,
  slotReach,
} from "#domain/appointment/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { now } from "#domain/kernel/clock.ts";
import { addMinutes } from "#domain/kernel/instant.ts";
import { fitsLease, leasedTime, type SlotLease } from "#domain/slot-lease/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { leasesAround } from "#server/slot-lease/index.ts";
import { assertSeesPatients } from "#server/staff/index.ts";
import { WorkingHoursEntity } from "#server/working-hours/index.ts";

export interface Slot {
  readonly id: string;
  readonly clinicianId: string;
  readonly start: string;
  readonly minutes: number;
}

/** How far around a time that cannot be had others are looked for, in minutes: a full day leads to the next ones. */
const AROUND = 7 * 24 * 60;

export interface GivenLane {
  readonly lane: number;
  /** Leases of the same device that this booking uses up. */
  readonly leases: readonly string[];
}

/**
 * Gives a slot its lane: 0…capacity − 1 are normal, a higher one is a deliberate overbooking (C21). Times that another
 * device may promise are taken; those of this device are there for it to book. A full slot is refused with the three
 * nearest free ones. The clinician's row is locked, so that two bookings for one clinician are judged one after the
 * other; the exclusion constraint stands behind it.
 * @throws {DomainError} slot_taken, slot_held {nearest: [instants]}; missing_parent when there is no such clinician;
 * not_bookable
 */
export async function laneFor(
  em: EntityManager,
  zone: string,
  slot: Slot,
  options: { readonly overbook: boolean; readonly deviceId: string },
): Promise<GivenLane> {
  await assertSeesPatients(em, slot.clinicianId);
  const hours = await em.find(WorkingHoursEntity, { clinicianId: slot.clinicianId });
  const at = Date.parse(slot.start);
  const { minutes } = slot;
  const capacity = capacityAt(zone, hours, at);
  const { booked, own, others } = await around(em, slot, options.deviceId, slotReach);
  const free = (held: readonly HeldTime[], first: number, end: number) =>
    freeLane(held, at, minutes, first, end);
  const taken = [...booked, ...others.map(leasedTime)];
  const promised = own.find((lease) => fitsLease(lease, slot));
  const lane =
    (promised && free(booked, promised.lane, promised.lane + 1)) ??
    free([...taken, ...own.map(leasedTime)], 0, capacity) ??
    free(taken, 0, capacity) ??
    (options.overbook ? free(taken, capacity, slotLanes) : undefined);
  if (lane !== undefined) return { lane, leases: usedUp(own, { at, minutes, lane }) };
  const code = free(booked, 0, capacity) === undefined ? "slot_taken" : "slot_held";
  throw new DomainError(code, { nearest: await freeTimes(em, zone, slot, options.deviceId) });
}

/** The three free times nearest to one, for a device: from now on, and within a week. */
export async function freeTimes(
  em: EntityManager,
  zone: string,
  slot: Slot,
  deviceId: string,
): Promise<string[]> {
  const hours = await em.find(WorkingHoursEntity, { clinicianId: slot.clinicianId });
  const { booked, others } = await around(em, slot, deviceId, AROUND);
  const held = [...booked, ...others.map(leasedTime)];
  const { start, minutes } = slot;
  return nearestFree({ zone, hours, held, at: Date.parse(start), minutes, reach: AROUND, after: now() });
}

function usedUp(
  own: readonly SlotLease[],
  { at, minutes, lane }: { readonly at: number; readonly minutes: number; readonly lane: number },
): string[] {
  const overlaps = (lease: SlotLease) =>
    freeLane([leasedTime(lease)], at, minutes, lane, lane + 1) === undefined;
  return own.filter(overlaps).map(({ id }) => id);
}

async function around(em: EntityManager, slot: Slot, deviceId: string, reach: number) {
  const from = addMinutes(slot.start, -reach - 60);
  const to = addMinutes(slot.start, reach + 60);
  const rows: { start: string; minutes: number; lane: number }[] = await em.execute(
    `select start, minutes, lane from appointment where clinician_id = ? and id <> ?
     and status not in ('cancelled', 'no-show') and start between ? and ?`,
    [slot.clinicianId, slot.id, from, to],
  );
  const leases = await leasesAround(em, slot.clinicianId, from, to);
  return {
    booked: rows.map(({ start, minutes, lane }): HeldTime => {
      const begins = Date.parse(start);
      return { from: begins, to: begins + minutes * 60_000, lane };
    }),
    own: leases.filter((lease) => lease.deviceId === deviceId),
    others: leases.filter((lease) => lease.deviceId !== deviceId),
  };
}
