import type { ListedSession } from "#domain/access/account.ts";
import { can } from "#domain/access/can.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Practice } from "#server/practice/practice.ts";
import type { OwnContext } from "./own-totp.ts";
import type { Principal } from "./principal.ts";

interface SessionRow {
  readonly id: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly role: ListedSession["role"];
  readonly signedInBy: ListedSession["signedInBy"];
  readonly startedAt: string;
  readonly lastActiveAt: string;
}

/** Open ones, the newest first: one's own, or those of somebody whose access one looks after. @throws {DomainError} not_yours */
export async function listSessions(
  practice: Practice,
  principal: Principal,
  userId = principal.actor.id,
): Promise<ListedSession[]> {
  const decision = can(principal.actor, "session:read", { owners: [userId] });
  if (!decision.allowed) throw new DomainError(decision.code);
  const rows: SessionRow[] = await practice.database.em.fork().execute(
    `select s.id, s.device_id as "deviceId", d.name as "deviceName", s.role, s.signed_in_by as "signedInBy",
       s.started_at as "startedAt", greatest(s.started_at,
         (select max(t.issued_at) from refresh_token t where t.session_id = s.id)) as "lastActiveAt"
     from session s join device d on d.id = s.device_id
     where s.user_id = ? and s.ended_at is null and s.expires_at > ? order by s.started_at desc, s.id`,
    [userId, instantNow()],
  );
  const text = (at: string) => instant(Date.parse(at));
  return rows.map(({ deviceId, deviceName, startedAt, lastActiveAt, ...row }) => ({
    ...row,
    device: { id: deviceId, name: deviceName },
    startedAt: text(startedAt),
    lastActiveAt: text(lastActiveAt),
    isThis: row.id === principal.session?.id,
  }));
}

/**
 * Its refreshes and live streams end with it; what waits on the device is kept and still arrives.
 * @throws {DomainError} not_yours, not_found
 */
export async function endOneSession(
  { practice, principal, requestId }: OwnContext,
  id: string,
): Promise<void> {
  await practice.ledger.transact(async ({ em, audit }) => {
    const [found]: { user_id: string }[] = await em.execute(
      "select user_id from session where id = ? for update",
      [id],
    );
    const decision = can(principal.actor, "session:end", { owners: found ? [found.user_id] : [] });
    if (!decision.allowed) throw new DomainError(decision.code);
    const ended: unknown[] = found
      ? await em.execute(
          "update session set ended_at = ?, end_reason = 'ended' where id = ? and ended_at is null returning id",
          [instantNow(), id],
        )
      : [];
    if (ended.length === 0) throw new DomainError("not_found");
    const resource = { type: "session", id };
    audit({ actor: principal.audit, action: "session.revoked", outcome: "ok", resource, requestId });
  });
}

/** All of one's own but the one that asks. @returns how many there were */
export async function endOtherSessions({ practice, principal, requestId }: OwnContext): Promise<number> {
  const { result } = await practice.ledger.transact(async ({ em, audit }) => {
    const ended: { id: string; expires_at: string }[] = await em.execute(
      `update session set ended_at = ?, end_reason = 'ended'
       where user_id = ? and id <> ? and ended_at is null returning id, expires_at`,
      [instantNow(), principal.actor.id, principal.session!.id],
    );
    const open = ended.filter(({ expires_at }) => Date.parse(expires_at) > now());
    for (const { id } of open) {
      const resource = { type: "session", id };
      audit({ actor: principal.audit, action: "session.revoked", outcome: "ok", resource, requestId });
    }
    if (open.length === 0)
      audit({
        actor: principal.audit,
        action: "session.revoked",
        outcome: "ok",
        reason: "none_open",
        requestId,
      });
    return open.length;
  });
  return result;
}
