import { instantNow } from "#domain/kernel/clock.ts";
import type { DeviceTimes } from "#domain/operations/dashboard.ts";
import type { SlotLease } from "#domain/slot-lease/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { SlotLeaseEntity } from "./slot-lease.entity.ts";

/** The leases of a clinician that hold a time now and begin between two instants. */
export const leasesAround = (
  em: EntityManager,
  clinicianId: string,
  from: string,
  to: string,
): Promise<readonly SlotLease[]> =>
  em.find(
    SlotLeaseEntity,
    { clinicianId, status: "held", until: { $gt: instantNow() }, start: { $gte: from, $lte: to } },
    { disableIdentityMap: true },
  );

/** The devices that hold times to come at an instant, the oldest first. */
export async function heldByDevices(
  em: EntityManager,
  at: string,
): Promise<Omit<DeviceTimes, "lastContactAt" | "isOwn">[]> {
  const rows: { id: string; name: string; times: string; since: string | Date; until: string | Date }[] =
    await em.execute(
      `select d.id, d.name, count(*) as times, min(l.granted_at) as since, max(l.until) as until
       from slot_lease l join device d on d.id = l.device_id
       where l.status = 'held' and l.until > ? and l.start + make_interval(mins => l.minutes) > ?
       group by d.id, d.name order by since, d.id`,
      [at, at],
    );
  const iso = (value: string | Date) => new Date(value).toISOString();
  return rows.map(({ id, name, times, since, until }) => ({
    id,
    name,
    times: Number(times),
    since: iso(since),
    until: iso(until),
  }));
}
