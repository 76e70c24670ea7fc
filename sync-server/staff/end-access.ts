import type { AccessEndReason } from "#domain/access/access-end.ts";
import { can } from "#domain/access/can.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { assertNotLast, voidStanding } from "#server/approval/index.ts";
import { voidBreakGlass } from "#server/break-glass/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { repeatTransient } from "#server/database/database-error.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { RouteContext } from "#server/http/route.ts";
import { endLeases, leasesOfPerson } from "#server/slot-lease/index.ts";
import { revokeOwnedTokens } from "#server/token/index.ts";
import { StaffEntity } from "./staff.entity.ts";

type Asked = Pick<RouteContext, "practice" | "principal" | "requestId">;

/**
 * Ends somebody's access in one transaction, with everything that works by it. What stands under their name stays: tasks,
 * notes and visits are moved by people alone. Safe, so nobody has to approve it; ending it again finds what is left.
 * @throws {DomainError} self_approval, not_found, session_ended, last_of_role
 */
export async function endAccess(asked: Asked, userId: string, reason: AccessEndReason): Promise<void> {
  const { practice, principal } = asked;
  const decision = can(principal.actor, "user:disable");
  if (!decision.allowed) throw new DomainError(decision.code);
  if (userId === principal.actor.id) throw new DomainError("self_approval");
  await repeatTransient(() => practice.ledger.transact((tx) => carryOut(tx, asked, userId, reason)));
}

async function carryOut(
  tx: LedgerTransaction,
  { principal, requestId }: Asked,
  userId: string,
  reason: AccessEndReason,
): Promise<void> {
  const { em, audit } = tx;
  const by = { actor: principal.audit, requestId };
  await lockBoth(em, principal.actor.id, userId);
  await voidStanding(tx, userId, by);
  const leases = await leasesOfPerson(tx, userId);
  await lockDevices(em, leases);
  await em.execute("select 1 from staff where id = ? for update", [userId]);
  const person = await em.findOneOrFail(StaffEntity, { id: userId });
  for (const role of person.roles) await assertNotLast(em, role, userId);
  person.active = false;
  await em.flush();
  const at = instantNow();
  await em.execute(
    `update app_user set disabled_by = case when disabled_at is null then ?::uuid else disabled_by end,
       disabled_reason = case when disabled_at is null then ? else disabled_reason end,
       disabled_at = coalesce(disabled_at, ?) where id = ?`,
    [principal.actor.id, reason, at, userId],
  );
  await em.execute(
    "update session set ended_at = ?, end_reason = 'disabled' where user_id = ? and ended_at is null",
    [at, userId],
  );
  await revokeOwnedTokens(tx, userId, by);
  await voidBreakGlass(tx, { userId }, principal.audit);
  await endLeases(tx, leases, "access_ended", by);
  audit({
    ...by,
    action: "staff.disabled",
    outcome: "ok",
    reason,
    resource: { type: "staff", id: userId },
  });
}

/**
 * A sign-in of this person waits for it or is waited for, and two who end each other's access follow one another: the
 * second has none any more.
 */
async function lockBoth(em: EntityManager, actorId: string, userId: string): Promise<void> {
  const rows: { id: string; disabled: boolean }[] = await em.execute(
    `select id, disabled_at is not null as disabled from app_user where id in (?, ?) order by id for update`,
    [actorId, userId],
  );
  if (!rows.some(({ id }) => id === userId)) throw new DomainError("not_found");
  if (rows.some(({ id, disabled }) => id === actorId && disabled)) throw new DomainError("session_ended");
}

/** In the order of a contact that would prolong what they hold: the device before the people. */
async function lockDevices(em: EntityManager, leases: readonly string[]): Promise<void> {
  await em.execute(
    `select 1 from device where id in (select device_id from slot_lease where id = any(?::uuid[]))
     order by id for no key update`,
    [`{${leases.join(",")}}`],
  );
}
