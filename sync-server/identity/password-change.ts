import { randomBytes } from "node:crypto";
import { DomainError } from "#domain/errors/catalog.ts";
import type { Practice } from "#server/practice/practice.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { anonymous, type Principal } from "./principal.ts";

/** Shortest password that stands alone. */
const SHORTEST = 15;
/** What people choose when they are asked for something long; compared without case, spaces and digits. */
const tooCommon = [
  "passwordpassword",
  "correcthorsebatterystaple",
  "qwertyuiopasdfgh",
  "qwertyuiopqwerty",
  "iloveyouiloveyou",
  "abcdefghijklmnop",
  "jamemrtrialpractice",
  "letmeinletmein",
  "administrator",
  "changemechangeme",
];

/** @throws {DomainError} weak_password: too short, too common, or made of the person's own name */
function assertStrong(password: string, username: string): void {
  const letters = password.toLowerCase().replace(/[^a-z]/g, "");
  const repeated = new Set(password).size < 5;
  const common = tooCommon.some((one) => letters === one || letters.replaceAll(one, "") === "");
  const own = letters.replaceAll(username.toLowerCase().replace(/[^a-z]/g, ""), "").length < 6;
  if ([...password.normalize("NFC")].length < SHORTEST)
    throw new DomainError("weak_password", { shortest: SHORTEST });
  if (repeated || common || own) throw new DomainError("weak_password", { common: true });
}

/** A password that works until its person has chosen one of their own. */
export const newOneTimePassword = (): string => randomBytes(15).toString("base64url");

interface UserRow {
  readonly id: string;
  readonly username: string;
  readonly password_hash: string;
  readonly disabled: boolean;
}

async function check(
  practice: Practice,
  key: string,
  user: UserRow | undefined,
  password: string,
): Promise<UserRow> {
  await practice.throttle.inTurn(key, async () => {
    practice.throttle.assertFree(key);
    const correct = await verifyPassword(
      user?.password_hash,
      password,
      practice.config.JAMEMR_ARGON2_MEMORY_KIB,
    );
    if (user && correct && !user.disabled) return practice.throttle.succeeded(key);
    practice.throttle.failed(key);
    await practice.ledger.record({
      actor: anonymous,
      action: "session.refused",
      outcome: "denied",
      reason: "wrong_credentials",
      ...(user ? { resource: { type: "user", id: user.id } } : {}),
    });
    throw new DomainError("wrong_credentials");
  });
  return user!;
}

const select = `select u.id, u.username, u.password_hash, u.disabled_at is not null as disabled
  from app_user u join staff f on f.id = u.id`;

/** The person gives their password again, as signing and approving demand. @throws {DomainError} wrong_credentials */
export async function confirmPassword(
  practice: Practice,
  principal: Principal,
  password: string,
): Promise<void> {
  const [user]: UserRow[] = await practice.database.em
    .fork()
    .execute(`${select} where u.id = ?`, [principal.actor.id]);
  await check(practice, `${principal.actor.id}\u0000again`, user, password);
}

/**
 * Replaces a one-time password by one that the person chose. It is for people who cannot sign in yet, so it asks for the
 * name and the password they were given.
 * @throws {DomainError} wrong_credentials; weak_password
 */
export async function changeOneTimePassword(
  practice: Practice,
  given: { username: string; password: string; newPassword: string },
  requestId: string,
): Promise<void> {
  const [found]: UserRow[] = await practice.database.em
    .fork()
    .execute(`${select} where u.username = lower(?) and u.must_change and f.active`, [given.username]);
  const user = await check(practice, `${given.username.toLowerCase()}\u0000one-time`, found, given.password);
  assertStrong(given.newPassword, user.username);
  const hash = await hashPassword(given.newPassword, practice.config.JAMEMR_ARGON2_MEMORY_KIB);
  await practice.ledger.transact(async ({ em, audit }) => {
    await em.execute("update app_user set password_hash = ?, must_change = false where id = ?", [
      hash,
      user.id,
    ]);
    audit({
      actor: { type: "user", id: user.id },
      action: "user.password_changed",
      outcome: "ok",
      resource: { type: "user", id: user.id },
      requestId,
    });
  });
}
