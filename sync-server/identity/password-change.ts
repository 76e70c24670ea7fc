import { randomBytes } from "node:crypto";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { Practice } from "#server/practice/practice.ts";
import { hashPassword } from "./password.ts";
import { assertGoodPassword, isShort } from "./password-rules.ts";
import { anonymous, type Principal } from "./principal.ts";
import { attempt, confirmPassword, type UserRow, userSql } from "./re-authentication.ts";
import { assertNoShortPasswordAlone, factorsOf, hasFactor, lockUser } from "./second-factor.ts";
import { throttleKey } from "./throttle-key.ts";

/** A password that works until its person has chosen one of their own. */
export const newOneTimePassword = (): string => randomBytes(15).toString("base64url");

const hashed = (practice: Practice, password: string): Promise<string> =>
  hashPassword(password, practice.config.JAMEMR_ARGON2_MEMORY_KIB);

const ownerOf = ({ info }: Practice, { username, name }: UserRow) => ({
  username,
  name,
  practice: info.name,
});

/**
 * Replaces a one-time password by one that the person chose. It is for people who cannot sign in yet, so it asks for the
 * name and the password they were given; it has to stand alone.
 * @throws {DomainError} wrong_credentials; weak_password
 */
export async function changeOneTimePassword(
  practice: Practice,
  given: { username: string; password: string; newPassword: string; deviceId?: string | undefined },
  requestId: string,
): Promise<void> {
  const [found]: UserRow[] = await practice.database.em
    .fork()
    .execute(`${userSql} where u.username = lower(?) and u.must_change and f.active`, [given.username]);
  const name = `${given.username.toLowerCase()}\u0000one-time`;
  const key = await throttleKey(practice, name, given.deviceId ?? null);
  const user = await attempt(practice, { key, actor: anonymous }, found, given.password, async (one) => one);
  await assertGoodPassword(given.newPassword, ownerOf(practice, user), false);
  const hash = await hashed(practice, given.newPassword);
  await practice.ledger.transact(async ({ em, audit }) => {
    await em.execute(
      "update app_user set password_hash = ?, must_change = false, password_short = false where id = ?",
      [hash, user.id],
    );
    audit({
      actor: { type: "user", id: user.id },
      action: "user.password_changed",
      outcome: "ok",
      resource: { type: "user", id: user.id },
      requestId,
    });
  });
}

/**
 * Somebody who is signed in chooses another password; their other sessions end.
 * @throws {DomainError} wrong_credentials; weak_password
 */
export async function changeOwnPassword(
  practice: Practice,
  principal: Principal,
  given: { password: string; newPassword: string },
  requestId: string,
): Promise<void> {
  await confirmPassword(practice, principal, given.password);
  const userId = principal.actor.id;
  const em = practice.database.em.fork();
  const [user]: UserRow[] = await em.execute(`${userSql} where u.id = ?`, [userId]);
  if (!user) throw new DomainError("not_found");
  const beside = hasFactor(await factorsOf(em, userId));
  await assertGoodPassword(given.newPassword, ownerOf(practice, user), beside);
  const hash = await hashed(practice, given.newPassword);
  await practice.ledger.transact(async ({ em, audit }) => {
    await lockUser(em, userId);
    await em.execute("update app_user set password_hash = ?, password_short = ? where id = ?", [
      hash,
      isShort(given.newPassword),
      userId,
    ]);
    // The factor may have gone since it was looked at.
    await assertNoShortPasswordAlone(em, userId);
    const at = instantNow();
    await em.execute(
      `update session set ended_at = ?, end_reason = 'password_changed'
       where user_id = ? and id <> ? and ended_at is null`,
      [at, userId, principal.session!.id],
    );
    await em.execute("update session set unlocked_at = ? where id = ?", [at, principal.session!.id]);
    const resource = { type: "user", id: userId };
    audit({ actor: principal.audit, action: "user.password_changed", outcome: "ok", resource, requestId });
  });
}
