import { can } from "#domain/access/can.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";

/** The one somebody works on and those on which they have keys. */
export async function devicesOf(em: EntityManager, { actor, session }: Principal): Promise<string[]> {
  const rows: { id: string }[] = await em.execute(
    "select distinct device_id as id from sync_client where user_id = ?",
    [actor.id],
  );
  return [...new Set([session!.deviceId, ...rows.map(({ id }) => id)])];
}

/** On which nobody else has ever worked. */
export async function devicesAlone(em: EntityManager, userId: string): Promise<ReadonlySet<string>> {
  const rows: { id: string }[] = await em.execute(
    `select device_id as id
     from (select device_id, user_id from sync_client union select device_id, user_id from session) worked
     group by device_id having bool_and(user_id = ?)`,
    [userId],
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Whoever looks after devices touches any. Everybody else the one they work on, and one that is theirs alone: a tablet that
 * colleagues share is not shut out from afar by one of them.
 * @throws {DomainError} not_yours
 */
export async function assertMayTouch(
  practice: Practice,
  principal: Principal,
  id: string,
  permission: "device:revoke" | "device:wipe",
): Promise<void> {
  const decision = can(principal.actor, permission);
  const own = decision.allowed && decision.grant === "own";
  if (!own || id === principal.session!.deviceId) return;
  const alone = await devicesAlone(practice.database.em.fork(), principal.actor.id);
  if (!alone.has(id)) throw new DomainError("not_yours");
}
