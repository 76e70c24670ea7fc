import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { reportNames } from "#domain/sync/review.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { RouteContext } from "#server/http/route.ts";
import { assertInUse, type DeviceStanding } from "#server/identity/device-standing.ts";
import type { Practice } from "#server/practice/practice.ts";
import { endLeases, leasesOfDevice } from "#server/slot-lease/index.ts";
import { DeviceEntity } from "./device.entity.ts";

type Asked = Pick<RouteContext, "practice" | "principal" | "requestId">;

/**
 * From now on nobody works on it, the times it held are everybody's again, and what it sends is kept for review. Its
 * clients are marked under their locks: a push that is under way is waited for, and the next one finds the mark.
 */
async function shutOut(
  tx: LedgerTransaction,
  found: DeviceEntity,
  { principal, requestId }: Pick<Asked, "principal" | "requestId">,
): Promise<void> {
  const { em } = tx;
  found.status = "revoked";
  await em.flush();
  const by = { actor: principal.audit, requestId };
  await endLeases(tx, await leasesOfDevice(tx, found.id), "device_revoked", by);
  await em.execute(
    "update session set ended_at = ?, end_reason = 'device_revoked' where device_id = ? and ended_at is null",
    [instantNow(), found.id],
  );
  await em.execute("update sync_client set lost_at = ? where device_id = ? and lost_at is null", [
    instantNow(),
    found.id,
  ]);
}

/**
 * Under its lock, and before it under those of its clients: in this order a push takes them as well.
 * @throws {DomainError} not_found
 */
async function lockDevice(em: EntityManager, id: string): Promise<DeviceEntity> {
  await em.execute("select from sync_client where device_id = ? order by client_id for update", [id]);
  await em.execute("select 1 from device where id = ? for update", [id]);
  const found = await em.findOne(DeviceEntity, { id });
  if (!found) throw new DomainError("not_found");
  return found;
}

export async function revokeDevice(asked: Asked, id: string): Promise<void> {
  const { practice, principal, requestId } = asked;
  await practice.ledger.transact(async (tx) => {
    const { em, audit } = tx;
    await shutOut(tx, await lockDevice(em, id), asked);
    audit({
      actor: principal.audit,
      action: "device.revoked",
      outcome: "ok",
      resource: { type: "device", id },
      requestId,
    });
  });
}

/** One that was only removed can still be wiped; who asked first, and when, stays. */
export async function askForWipe(asked: Asked, id: string): Promise<void> {
  const { practice, principal, requestId } = asked;
  await practice.ledger.transact(async (tx) => {
    const { em, audit } = tx;
    const found = await lockDevice(em, id);
    const repeated = found.wipeAskedAt != null;
    if (!repeated) {
      found.wipeAskedAt = instantNow();
      found.wipeAskedBy = principal.actor.id;
      await shutOut(tx, found, asked);
    }
    audit({
      actor: principal.audit,
      action: "device.wipe_requested",
      outcome: "ok",
      ...(repeated && { reason: "repeated" }),
      resource: { type: "device", id },
      requestId,
    });
  });
}

/** @throws {DomainError} device_wiped, device_revoked */
export async function assertDeviceInUse({ database }: Practice, id: string): Promise<void> {
  const [found]: DeviceStanding[] = await database.em
    .fork()
    .execute("select status, wipe_asked_at from device where id = ?", [id]);
  assertInUse(found);
}

/**
 * The tablet's word under its device key. The first one says that nothing can be read on it any more; later ones, how much
 * of its work is still to come.
 * @throws {DomainError} not_found when nobody asked for it
 */
export async function confirmWipe(
  { practice, principal, deviceId: id, requestId }: Asked & Pick<RouteContext, "deviceId">,
  left: number,
): Promise<void> {
  await practice.ledger.transact(async ({ em, audit }) => {
    const found = await lockDevice(em, id);
    if (found.wipeAskedAt == null) throw new DomainError("not_found");
    const first = found.wipedAt == null;
    if (first) found.wipedAt = instantNow();
    found.wipeLeft = left;
    await em.flush();
    audit({
      actor: principal.audit,
      action: "device.wiped",
      outcome: "ok",
      ...(first ? {} : { reason: left > 0 ? "delivering" : "delivered" }),
      resource: { type: "device", id },
      requestId,
    });
  });
}

/** By device: how many of its changes came after it was reported lost, decided or not. */
export async function keptForReview(em: EntityManager): Promise<ReadonlyMap<string, number>> {
  const rows: { device_id: string; count: string }[] = await em.execute(
    `select q.device_id, count(*) as count from quarantine q join device d on d.id = q.device_id
     where d.wipe_asked_at is not null and q.received_at >= d.wipe_asked_at and q.name <> all(?::text[])
     group by q.device_id`,
    [`{${reportNames.join(",")}}`],
  );
  return new Map(rows.map(({ device_id, count }) => [device_id, Number(count)]));
}
