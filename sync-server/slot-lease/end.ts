import type { AuditEntry, LedgerTransaction } from "#server/database/ledger.ts";
import { SlotLeaseEntity } from "./slot-lease.entity.ts";

/** How a lease ends, besides being given back by its desk. */
type Ending = "used" | "run_out" | "device_revoked" | "put_away" | "access_ended";

/** Ends leases, each with its record. One that is over already stays as it ended. */
export async function endLeases(
  { em, audit }: Pick<LedgerTransaction, "em" | "audit">,
  ids: readonly string[],
  ending: Ending,
  by: Pick<AuditEntry, "actor" | "requestId">,
): Promise<void> {
  if (ids.length === 0) return;
  const ended: { id: string }[] = await em.execute(
    `update slot_lease set status = ?, version = version + 1 where id = any(?::uuid[]) and status = 'held'
     returning id`,
    [ending === "used" ? "used" : "ended", `{${ids.join(",")}}`],
  );
  for (const { id } of ended)
    audit({
      ...by,
      action: ending === "used" ? "slot-lease.used" : "slot-lease.ended",
      outcome: "ok",
      ...(ending === "used" ? {} : { reason: ending }),
      resource: { type: "slot-lease", id },
    });
}

/** What a device holds, or still seems to. */
export async function leasesOfDevice(
  { em }: Pick<LedgerTransaction, "em">,
  deviceId: string,
): Promise<string[]> {
  const rows = await em.find(SlotLeaseEntity, { deviceId, status: "held" }, { disableIdentityMap: true });
  return rows.map(({ id }) => id);
}

/**
 * What is held by devices on which nobody who has access works, once this person is left out: a desk that colleagues share
 * keeps its times.
 */
export async function leasesOfPerson(
  { em }: Pick<LedgerTransaction, "em">,
  userId: string,
): Promise<string[]> {
  const rows: { id: string }[] = await em.execute(
    `select l.id from slot_lease l
     where l.status = 'held' and exists (select from session s where s.device_id = l.device_id and s.user_id = ?)
       and not exists (select from session s join app_user u on u.id = s.user_id
         where s.device_id = l.device_id and s.user_id <> ? and u.disabled_at is null)
     order by l.id`,
    [userId, userId],
  );
  return rows.map(({ id }) => id);
}
