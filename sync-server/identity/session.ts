import { createHash, randomBytes } from "node:crypto";
import type { Role } from "#domain/access/roles.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Session, SignIn } from "#domain/sync/session.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Practice } from "#server/practice/practice.ts";
import { isInSetUp } from "#server/set-up/index.ts";
import { assertInUse, type DeviceStanding } from "./device-standing.ts";
import { anonymous, type Principal } from "./principal.ts";
import { attempt } from "./re-authentication.ts";
import { asksForCode, type CodeProof, factorsOf, findProof, waysOf } from "./second-factor.ts";
import { describeSession } from "./session-answer.ts";
import { throttleKey } from "./throttle-key.ts";

/** A session ends at the latest after this, in milliseconds. */
const SESSION_LIFE = 12 * 3_600_000;

export interface IssuedSession {
  readonly session: Session;
  /** Goes into the cookie and nowhere else; only its hash is stored. */
  readonly refreshToken: string;
}

export interface UserRow {
  id: string;
  name: string;
  roles: Role[];
  disabled_at: string | null;
  must_change: boolean;
}

interface PasswordRow extends UserRow {
  username: string;
  password_hash: string;
  disabled: boolean;
}

const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();

/**
 * Signs a person in on a device. The first sign-in in a trial practice, in one that is in set-up, or at the
 * clinic's own machine enrols the device by itself.
 * @throws {DomainError} too_many_requests, wrong_credentials; then, only to somebody who knew the password, code_required,
 * wrong_code and those of {@link admit}
 */
export async function signIn(practice: Practice, body: SignIn, atMachine: boolean): Promise<IssuedSession> {
  const key = await throttleKey(practice, body.username.toLowerCase(), body.device.id);
  const [user]: PasswordRow[] = await practice.database.em.fork().execute(
    `select u.id, u.username, f.name, f.roles, u.password_hash, u.disabled_at, u.must_change,
       u.disabled_at is not null as disabled
     from app_user u join staff f on f.id = u.id where u.username = lower(?) and f.active`,
    [body.username],
  );
  const actor = { ...anonymous, deviceId: body.device.id };
  return attempt(practice, { key, actor }, user, body.password, async () =>
    admit(practice, user!, { ...body, atMachine }, await secondFactorOf(practice, user!, body)),
  );
}

/** @returns the code that stands beside the password, or "password" where none has to */
async function secondFactorOf(
  practice: Practice,
  user: UserRow,
  { code, device }: SignIn,
): Promise<SignInProof> {
  const factors = await factorsOf(practice.database.em.fork(), user.id);
  if (user.must_change || !asksForCode(factors)) return "password";
  if (code) {
    const proof = await findProof(practice, user.id, code);
    if (!proof) throw new DomainError("wrong_code");
    return proof;
  }
  await practice.ledger.record({
    actor: { ...anonymous, deviceId: device.id },
    action: "session.code_asked",
    outcome: "ok",
    resource: { type: "user", id: user.id },
  });
  throw new DomainError("code_required", { ways: waysOf(factors) });
}

/** What somebody showed: a code is spent in the transaction that begins the session. */
type SignInProof = "password" | "passkey" | CodeProof;

interface Admitted extends Pick<SignIn, "role" | "device"> {
  /** It is the clinic's own machine that asks. */
  readonly atMachine?: boolean;
}

/**
 * Starts the session of somebody who has proven who they are.
 * @throws {DomainError} password_change_required, role_not_held, access_ended, device_not_enrolled, device_revoked,
 * device_wiped, client_unknown
 */
export async function admit(
  practice: Practice,
  user: UserRow,
  body: Admitted,
  proof: SignInProof,
): Promise<IssuedSession> {
  const role = body.role ?? user.roles[0];
  try {
    if (user.must_change) throw new DomainError("password_change_required");
    if (!role || !user.roles.includes(role)) throw new DomainError("role_not_held");
    return await startSession(practice, user, role, body, proof);
  } catch (error) {
    if (error instanceof DomainError && error.status === 403)
      await practice.ledger.record({
        actor: { type: "user", id: user.id, deviceId: body.device.id },
        action: "session.refused",
        outcome: "denied",
        reason: error.code,
        resource: { type: "user", id: user.id },
      });
    throw error;
  }
}

async function startSession(
  practice: Practice,
  user: UserRow,
  role: Role,
  { device, atMachine }: Admitted,
  proof: SignInProof,
): Promise<IssuedSession> {
  const by = typeof proof === "string" ? proof : proof.by;
  const sessionId = newId();
  const refreshToken = randomBytes(32).toString("base64url");
  const at = instantNow();
  const actor = { type: "user" as const, id: user.id, role, sessionId, deviceId: device.id };
  await practice.ledger.transact(async (tx) => {
    await assertStillIn(tx, user.id);
    await enrolDevice(practice, tx, { device, atMachine: atMachine ?? false }, actor);
    await registerClient(tx, user.id, device);
    await tx.em.execute(
      `insert into session(id, user_id, device_id, role, started_at, unlocked_at, expires_at, signed_in_by)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
      [sessionId, user.id, device.id, role, at, at, instant(now() + SESSION_LIFE), by],
    );
    if (typeof proof !== "string") await proof.spend(tx, actor);
    await tx.em.execute(
      "insert into refresh_token(hash, session_id, device_id, issued_at) values (?, ?, ?, ?)",
      [hashOf(refreshToken), sessionId, device.id, at],
    );
    tx.audit({
      actor,
      action: "session.started",
      outcome: "ok",
      ...(by === "password" ? {} : { reason: by }),
      resource: { type: "session", id: sessionId },
    });
  });
  return {
    session: await describeSession(practice, { ...user, sessionId, role, deviceId: device.id }),
    refreshToken,
  };
}

/**
 * Their access may be ending at this moment: whichever of the two comes first is seen by the other, so that no session
 * outlives the end.
 * @throws {DomainError} access_ended
 */
async function assertStillIn({ em }: LedgerTransaction, userId: string): Promise<void> {
  const [user]: { disabled: boolean }[] = await em.execute(
    "select disabled_at is not null as disabled from app_user where id = ? for share",
    [userId],
  );
  if (user?.disabled !== false) throw new DomainError("access_ended");
}

async function enrolDevice(
  practice: Practice,
  { em, audit }: LedgerTransaction,
  { device, atMachine }: Pick<SignIn, "device"> & { readonly atMachine: boolean },
  actor: Principal["audit"],
): Promise<void> {
  const [known]: DeviceStanding[] = await em.execute(
    "select status, wipe_asked_at from device where id = ? for update",
    [device.id],
  );
  assertInUse(known);
  if (known) {
    // A device keeps the key it enrolled with; a changed one means a copied or cleared profile.
    await em.execute(
      "update device set last_seen_at = ?, key = coalesce(key, ?::jsonb), version = version + 1 where id = ?",
      [instantNow(), device.key ? JSON.stringify(device.key) : null, device.id],
    );
    return;
  }
  // While there is no patient a device can show nothing; the people of a new practice have to get in somewhere.
  if (!practice.info.trial && !atMachine && !(await isInSetUp(practice)))
    throw new DomainError("device_not_enrolled");
  await em.execute(
    `insert into device(id, name, status, key, enrolled_at, last_seen_at) values (?, ?, 'enrolled', ?::jsonb, ?, ?)`,
    [device.id, device.name, device.key ? JSON.stringify(device.key) : null, instantNow(), instantNow()],
  );
  audit({ actor, action: "device.enrolled", outcome: "ok", resource: { type: "device", id: device.id } });
}

async function registerClient(
  { em }: LedgerTransaction,
  userId: string,
  device: SignIn["device"],
): Promise<void> {
  for (const { clientId, signingKey } of device.formerClients ?? [])
    await em.execute(
      `insert into sync_client(client_id, user_id, device_id, signing_key, created_at) values (?, ?, ?, ?::jsonb, ?)
       on conflict (client_id) do nothing`,
      [clientId, userId, device.id, JSON.stringify(signingKey), instantNow()],
    );
  if (!device.clientId) return;
  await em.execute(
    `insert into sync_client(client_id, user_id, device_id, signing_key, created_at) values (?, ?, ?, ?::jsonb, ?)
     on conflict (client_id) do update set signing_key = coalesce(sync_client.signing_key, excluded.signing_key)`,
    [
      device.clientId,
      userId,
      device.id,
      device.signingKey ? JSON.stringify(device.signingKey) : null,
      instantNow(),
    ],
  );
  const [client]: { user_id: string; device_id: string }[] = await em.execute(
    "select user_id, device_id from sync_client where client_id = ?",
    [device.clientId],
  );
  if (client?.user_id !== userId || client.device_id !== device.id) throw new DomainError("client_unknown");
}

/**
 * Exchanges a refresh token for the next one. A token that was used before is answered again for the same device as
 * long as nothing newer was used (the reply was lost); otherwise somebody copied it and the whole family ends.
 */
export async function refreshSession(
  practice: Practice,
  refreshToken: string,
  deviceId: string,
): Promise<IssuedSession> {
  const hash = hashOf(refreshToken);
  const next = randomBytes(32).toString("base64url");
  const outcome = await practice.ledger.transact(async (tx) => {
    const [row]: RefreshRow[] = await tx.em.execute(refreshSql, [hash]);
    if (!row) throw new DomainError("session_ended");
    if (row.wipe_asked_at) throw new DomainError("device_wiped");
    if (row.disabled_at && row.device_id === deviceId) return tellOfEnd(tx, row);
    if (
      row.ended_at ||
      row.disabled_at ||
      !row.active ||
      row.status === "revoked" ||
      Date.parse(row.expires_at) <= now()
    )
      throw new DomainError("session_ended");
    // The answer renews the right to show charts offline, which a role that was taken away must not.
    if (!row.roles.includes(row.role)) throw new DomainError("role_not_held");
    const actor = {
      type: "user" as const,
      id: row.user_id,
      role: row.role,
      sessionId: row.session_id,
      deviceId,
    };
    const resource = { type: "session", id: row.session_id };
    if (row.device_id !== deviceId || (row.used_at && row.successor_used) || row.superseded) {
      await tx.em.execute("update session set ended_at = ?, end_reason = 'refresh_reused' where id = ?", [
        instantNow(),
        row.session_id,
      ]);
      tx.audit({
        actor,
        action: "session.family_revoked",
        outcome: "denied",
        reason: "refresh_reused",
        resource,
      });
      return null;
    }
    // A repeat after a lost reply: what the lost reply carried is void from here on.
    if (row.used_at)
      await tx.em.execute("update refresh_token set used_at = ? where parent = ?", [instantNow(), hash]);
    await tx.em.execute("update refresh_token set used_at = ? where hash = ?", [instantNow(), hash]);
    await tx.em.execute(
      "insert into refresh_token(hash, session_id, device_id, issued_at, parent) values (?, ?, ?, ?, ?)",
      [hashOf(next), row.session_id, deviceId, instantNow(), hash],
    );
    tx.audit({ actor, action: "session.refreshed", outcome: "ok", resource });
    return row;
  });
  if (outcome.result === "access_ended") throw new DomainError("access_ended");
  if (!outcome.result) throw new DomainError("refresh_reused");
  const row = outcome.result;
  const session = await describeSession(practice, {
    id: row.user_id,
    name: row.name,
    roles: row.roles,
    role: row.role,
    sessionId: row.session_id,
    deviceId,
  });
  return { session, refreshToken: next };
}

/** The tablet hears that the access has ended, and hides what it holds: written down once. @throws {DomainError} access_ended */
async function tellOfEnd(
  { em, audit }: LedgerTransaction,
  { session_id: id, user_id, device_id, end_told_at }: RefreshRow,
): Promise<"access_ended"> {
  if (end_told_at) throw new DomainError("access_ended");
  await em.execute("update session set end_told_at = ? where id = ?", [instantNow(), id]);
  audit({
    actor: { type: "user", id: user_id, sessionId: id, deviceId: device_id },
    action: "session.refused",
    outcome: "denied",
    reason: "access_ended",
    resource: { type: "session", id },
  });
  return "access_ended";
}

interface RefreshRow extends DeviceStanding {
  session_id: string;
  device_id: string;
  used_at: string | null;
  successor_used: boolean;
  superseded: boolean;
  user_id: string;
  role: Role;
  name: string;
  roles: Role[];
  expires_at: string;
  ended_at: string | null;
  disabled_at: string | null;
  end_told_at: string | null;
  active: boolean;
}

/**
 * A successor that was itself exchanged has a child; one that was only voided after a lost reply has none. A voided one
 * has a younger sibling, which took its place.
 */
const refreshSql = `
  select t.session_id, t.device_id, t.used_at, s.user_id, s.role, s.expires_at, s.ended_at, s.end_told_at, u.disabled_at, f.name, f.roles,
    f.active, d.status, d.wipe_asked_at,
    exists (select 1 from refresh_token child join refresh_token grandchild on grandchild.parent = child.hash
            where child.parent = t.hash) as successor_used,
    t.used_at is not null and exists (select 1 from refresh_token sibling
      where sibling.parent = t.parent and sibling.hash <> t.hash and sibling.issued_at > t.issued_at) as superseded
  from refresh_token t join session s on s.id = t.session_id join app_user u on u.id = s.user_id
    join staff f on f.id = u.id join device d on d.id = s.device_id
  where t.hash = ? for update of t, s`;

export async function endSession(practice: Practice, principal: Principal): Promise<void> {
  const session = principal.session!;
  await practice.ledger.transact(async ({ em, audit }) => {
    await em.execute(
      "update session set ended_at = ?, end_reason = 'signed_out' where id = ? and ended_at is null",
      [instantNow(), session.id],
    );
    audit({
      actor: principal.audit,
      action: "session.ended",
      outcome: "ok",
      resource: { type: "session", id: session.id },
    });
  });
}

/** Works in another of one's roles from now on. */
export async function switchRole(practice: Practice, principal: Principal, role: Role): Promise<Session> {
  if (!principal.roles.includes(role)) throw new DomainError("role_not_held");
  const session = principal.session!;
  await practice.ledger.transact(async ({ em, audit }) => {
    await em.execute("update session set role = ? where id = ?", [role, session.id]);
    audit({
      actor: { ...principal.audit, role },
      action: "session.role_switched",
      outcome: "ok",
      resource: { type: "session", id: session.id },
    });
  });
  return currentSession(practice, {
    ...principal,
    actor: { ...principal.actor, role } as Principal["actor"],
  });
}

export const currentSession = (practice: Practice, principal: Principal): Promise<Session> =>
  describeSession(practice, {
    id: principal.actor.id,
    name: principal.name,
    roles: principal.roles,
    role: principal.actor.type === "user" ? principal.actor.role : principal.roles[0]!,
    sessionId: principal.session!.id,
    deviceId: principal.session!.deviceId,
  });
