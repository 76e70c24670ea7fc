import { clinicalRoles, type Role } from "#domain/access/roles.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Session } from "#domain/sync/session.ts";
import { closeOfNextClinicDay, type WorkingHours } from "#domain/working-hours/index.ts";
import type { Practice } from "#server/practice/practice.ts";
import { holdTimes } from "#server/slot-lease/index.ts";

export interface Described {
  id: string;
  name: string;
  roles: readonly Role[];
  role: Role;
  sessionId: string;
  deviceId: string;
}

/** What the page gets to know: a short access token, who it is, and until when charts may be shown offline. */
export async function describeSession(practice: Practice, who: Described): Promise<Session> {
  const { info, keys, tokens } = practice;
  const offlineUntil = await offlineTime(practice, who.role);
  const { id, role, sessionId, deviceId } = who;
  await noteOfflineTime(practice, sessionId, offlineUntil);
  if (role === "front-desk")
    await holdTimes(practice, {
      deviceId,
      until: offlineUntil,
      actor: { type: "user", id, role, sessionId, deviceId },
    });
  return {
    accessToken: await tokens.sign("access", { sub: who.id, jti: who.sessionId }),
    expiresIn: 600,
    user: { id: who.id, name: who.name, roles: [...who.roles], role: who.role },
    grant: await tokens.sign("grant", {
      sub: who.id,
      jti: newId(),
      device: who.deviceId,
      role: who.role,
      offlineUntil,
    }),
    offlineUntil,
    practice: { ...info },
    epoch: await practice.epoch(),
    passkeys: await credentialsOf(practice, who.id),
    auditKey: practice.checkpoints.key,
    ...(await recoveryOf(practice, who)),
    serverKey: { ...keys.agreement.publicKey, kid: keys.agreement.kid },
  };
}

/**
 * Until when a device may show what it holds after this contact: so many hours, or the close of the next clinic day where
 * that is later, so that a weekend without the network is no morning without charts (C23).
 */
async function offlineTime({ config, database, info }: Practice, role: Role): Promise<string> {
  const hours = clinicalRoles.includes(role)
    ? config.JAMEMR_OFFLINE_HOURS_CLINICAL
    : config.JAMEMR_OFFLINE_HOURS_DESK;
  const granted = instant(now() + hours * 3_600_000);
  const worked: Pick<WorkingHours, "weekday" | "spans">[] = await database.em
    .fork()
    .execute("select weekday, spans from working_hours");
  const close = closeOfNextClinicDay(worked, info.zone, instantNow());
  return close !== null && close > granted ? close : granted;
}

/** Before the tablet has it: were the access ended now, the clinic could say when it goes dark by itself. */
const noteOfflineTime = ({ database }: Practice, sessionId: string, until: string): Promise<unknown> =>
  database.em
    .fork()
    .execute("update session set offline_until = greatest(offline_until, ?::timestamptz) where id = ?", [
      until,
      sessionId,
    ]);

/** A tablet drops what a passkey that is not among them unlocked. */
async function credentialsOf({ database }: Practice, userId: string): Promise<string[]> {
  const rows: { credential_id: string }[] = await database.em
    .fork()
    .execute("select credential_id from passkey where user_id = ?", [userId]);
  return rows.map((row) => row.credential_id);
}

/** Whether somebody signed in with a recovery code, and how many are left: nothing where there are none to speak of. */
async function recoveryOf(
  { database }: Practice,
  { id, sessionId }: Described,
): Promise<Pick<Session, "recovery">> {
  const [row]: { left: number; used: number; here: boolean }[] = await database.em.fork().execute(
    `select count(*) filter (where used_at is null)::int as left,
       count(*) filter (where used_at is not null and seen_at is null)::int as used,
       coalesce(bool_or(used_session_id = ?), false) as here
     from recovery_code where user_id = ? and (used_at is not null or replaced_at is null)`,
    [sessionId, id],
  );
  const { left, used, here } = row!;
  const [asks]: unknown[] = await database.em
    .fork()
    .execute(
      "select 1 from app_user u where id = ? and (password_short or exists (select 1 from totp_factor f where f.user_id = u.id and f.confirmed_at is not null))",
      [id],
    );
  return asks || used > 0 ? { recovery: { left: asks ? left : null, used, here } } : {};
}
