import { type HeldTime, holdsSlot } from "#domain/appointment/index.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { addDays, addMinutes, dateIn, instantIn } from "#domain/kernel/instant.ts";
import {
  isHeld,
  type LeasedSlot,
  leaseDays,
  leaseHorizon,
  leaseMinutes,
  type SlotLease,
  timesToLease,
} from "#domain/slot-lease/index.ts";
import { AppointmentEntity } from "#server/appointment/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { repeatTransient } from "#server/database/database-error.ts";
import type { AuditEntry, LedgerTransaction } from "#server/database/ledger.ts";
import type { Practice } from "#server/practice/practice.ts";
import { StaffEntity } from "#server/staff/index.ts";
import { VisitTypeEntity } from "#server/visit-type/index.ts";
import { WorkingHoursEntity } from "#server/working-hours/index.ts";
import { endLeases } from "./end.ts";
import { SlotLeaseEntity } from "./slot-lease.entity.ts";

/** Leases that end so much sooner than the device's offline time are prolonged, in milliseconds. */
const LAG = 3_600_000;

interface Desk {
  readonly deviceId: string;
  /** The end of the offline time that the device is given with this contact. */
  readonly until: string;
  readonly actor: AuditEntry["actor"];
}

interface Plan {
  /** Leases of anybody that ran out, or whose time is past. */
  readonly over: readonly string[];
  readonly prolong: readonly string[];
  readonly grant: readonly LeasedSlot[];
}

/**
 * A desk that may work offline holds times to promise: with every contact that renews its offline time it has its times
 * for the coming clinic days, until that time ends. Without them it works all the same, so they refuse nobody.
 */
export async function holdTimes(practice: Practice, desk: Desk): Promise<void> {
  try {
    await renewLeases(practice, desk);
  } catch (error) {
    practice.log.warn(
      { err: error, deviceId: desk.deviceId },
      "a desk's times to promise offline were not renewed",
    );
  }
}

/** Mostly there is nothing to do, and nothing is written. */
async function renewLeases(practice: Practice, desk: Desk): Promise<void> {
  if (isNothing(await planFor(practice, practice.database.em.fork(), desk))) return;
  const doneMeanwhile = new Error("another contact of this device was faster");
  const work = () =>
    practice.ledger.transact(async (tx) => {
      await lock(tx.em, desk.deviceId);
      const plan = await planFor(practice, tx.em, desk);
      if (isNothing(plan)) throw doneMeanwhile;
      await endLeases(tx, plan.over, "run_out", desk);
      await prolong(tx, plan.prolong, desk);
      await grant(tx, plan.grant, desk);
    });
  await repeatTransient(work).catch((error: unknown) => {
    if (error !== doneMeanwhile) throw error;
  });
}

const isNothing = ({ over, prolong: longer, grant: fresh }: Plan): boolean =>
  over.length + longer.length + fresh.length === 0;

/**
 * Two contacts of one device follow each other, and no clinician is booked while their times are given away. In one
 * order for all.
 */
async function lock(em: EntityManager, deviceId: string): Promise<void> {
  await em.execute("select 1 from device where id = ? for no key update", [deviceId]);
  await em.execute(
    "select 1 from staff where active and 'clinician' = any(roles) order by id for no key update",
  );
}

async function planFor({ info: { zone } }: Practice, em: EntityManager, desk: Desk): Promise<Plan> {
  const at = now();
  const held = await em.find(SlotLeaseEntity, { status: "held" }, { disableIdentityMap: true });
  const isOver = (lease: SlotLease) =>
    !isHeld(lease, at) || Date.parse(addMinutes(lease.start, lease.minutes)) <= at;
  const leases: readonly SlotLease[] = held.filter((lease) => !isOver(lease));
  const own = leases.filter(({ deviceId }) => deviceId === desk.deviceId);
  const [device]: { status: string }[] = await em.execute("select status from device where id = ?", [
    desk.deviceId,
  ]);
  return {
    over: held.filter(isOver).map(({ id }) => id),
    prolong: own.filter(({ until }) => Date.parse(desk.until) - Date.parse(until) >= LAG).map(({ id }) => id),
    grant: device?.status === "enrolled" ? await missing(em, zone, at, leases, desk.deviceId) : [],
  };
}

/** What the device lacks of its times for the coming clinic days. */
async function missing(
  em: EntityManager,
  zone: string,
  at: number,
  leases: readonly SlotLease[],
  deviceId: string,
): Promise<LeasedSlot[]> {
  const today = dateIn(zone, at);
  const options = { disableIdentityMap: true } as const;
  const clinicians = (
    await em.find(StaffEntity, { active: true }, { ...options, orderBy: { id: "asc" } })
  ).filter(({ roles }) => roles.includes("clinician"));
  const hours = await em.find(WorkingHoursEntity, {}, options);
  const booked = await em.find(
    AppointmentEntity,
    {
      start: {
        $gte: instantIn(zone, addDays(today, -1), "00:00"),
        $lt: instantIn(zone, addDays(today, leaseHorizon + 1), "00:00"),
      },
    },
    options,
  );
  const columns = clinicians.map(({ id }) => ({
    id,
    hours: hours.filter(({ clinicianId }) => clinicianId === id),
    held: booked
      .filter(({ clinicianId, status }) => clinicianId === id && holdsSlot(status))
      .map(({ start, minutes, lane }): HeldTime => {
        const from = Date.parse(start);
        return { from, to: from + minutes * 60_000, lane };
      }),
    leases: leases.filter(({ clinicianId }) => clinicianId === id),
  }));
  const minutes = leaseMinutes(await em.find(VisitTypeEntity, {}, options));
  const slots: LeasedSlot[] = [];
  let days = 0;
  for (let ahead = 0; ahead <= leaseHorizon && days < leaseDays; ahead++) {
    const date = addDays(today, ahead);
    const ofDay = columns.map((column) => ({
      ...column,
      leases: column.leases.filter(({ start }) => dateIn(zone, start) === date),
    }));
    const fresh = timesToLease({ zone, date, now: at, minutes, deviceId, clinicians: ofDay });
    const has = ofDay.some((column) => column.leases.some((lease) => lease.deviceId === deviceId));
    if (has || fresh.length > 0) days++;
    slots.push(...fresh);
  }
  return slots;
}

async function prolong({ em, audit }: LedgerTransaction, ids: readonly string[], desk: Desk): Promise<void> {
  if (ids.length === 0) return;
  await em.execute("update slot_lease set until = ?, version = version + 1 where id = any(?::uuid[])", [
    desk.until,
    `{${ids.join(",")}}`,
  ]);
  audit({
    actor: desk.actor,
    action: "slot-lease.prolonged",
    outcome: "ok",
    resource: { type: "device", id: desk.deviceId },
  });
}

async function grant(
  { em, audit }: LedgerTransaction,
  slots: readonly LeasedSlot[],
  desk: Desk,
): Promise<void> {
  for (const slot of slots) {
    const id = newId();
    em.create(SlotLeaseEntity, {
      id,
      ...slot,
      deviceId: desk.deviceId,
      until: desk.until,
      grantedAt: instantNow(),
      status: "held",
    } as never);
    audit({
      actor: desk.actor,
      action: "slot-lease.granted",
      outcome: "ok",
      resource: { type: "slot-lease", id },
    });
  }
  await em.flush();
}
