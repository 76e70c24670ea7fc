import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import type { Practice } from "#server/practice/practice.ts";
import { verifyPassword } from "./password.ts";
import type { Principal } from "./principal.ts";
import { asksForCode, type CodeProof, factorsOf, findProof, waysOf } from "./second-factor.ts";
import { throttleKey } from "./throttle-key.ts";

/** Milliseconds after a sign-in in which a new way in may be added without the password: else an open tablet would do. */
export const FRESH = 15 * 60_000;

export interface UserRow {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly password_hash: string;
  readonly disabled: boolean;
}

export const userSql = `select u.id, u.username, f.name, u.password_hash, u.disabled_at is not null as disabled
  from app_user u join staff f on f.id = u.id`;

/** Whose tries are counted, and what is recorded of a wrong one. */
export interface Attempt {
  readonly key: string;
  readonly actor: Principal["audit"];
}

/** One try: the password, then what `then` looks at. Only a try that succeeds in all of it forgets the wrong ones. */
export function attempt<T>(
  practice: Practice,
  { key, actor }: Attempt,
  user: UserRow | undefined,
  password: string,
  then: (user: UserRow) => Promise<T>,
): Promise<T> {
  const { throttle, config, ledger } = practice;
  return throttle.inTurn(key, async () => {
    throttle.assertFree(key);
    try {
      const correct = await verifyPassword(user?.password_hash, password, config.JAMEMR_ARGON2_MEMORY_KIB);
      if (!user || !correct || user.disabled) throw new DomainError("wrong_credentials");
      const result = await then(user);
      throttle.succeeded(key);
      return result;
    } catch (error) {
      if (!isWrong(error)) throw error;
      throttle.failed(key);
      await ledger.record({
        actor,
        action: "session.refused",
        outcome: "denied",
        reason: user?.disabled ? "disabled" : error.code,
        ...(user ? { resource: { type: "user", id: user.id } } : {}),
      });
      throw error;
    }
  });
}

/** Somebody guessed. */
export const isWrong = (error: unknown): error is DomainError =>
  error instanceof DomainError && (error.code === "wrong_credentials" || error.code === "wrong_code");

async function attemptAgain<T>(
  practice: Practice,
  principal: Principal,
  password: string,
  then: (user: UserRow) => Promise<T>,
): Promise<T> {
  const { id } = principal.actor;
  const [user]: UserRow[] = await practice.database.em.fork().execute(`${userSql} where u.id = ?`, [id]);
  // By device, like a sign-in: whoever guesses on another one keeps nobody from approving or signing here.
  const key = await throttleKey(practice, `${id}\u0000again`, principal.session?.deviceId ?? null);
  return attempt(practice, { key, actor: principal.audit }, user, password, then);
}

/** The person gives their password again, as signing and approving demand. @throws {DomainError} wrong_credentials */
export const confirmPassword = (practice: Practice, principal: Principal, password: string): Promise<void> =>
  attemptAgain(practice, principal, password, async () => {});

/**
 * The password and, where one is set up, the second factor: what takes one away, or makes a new one, must not be in the power
 * of somebody who has only an open tablet and the password. A session that a passkey began a moment ago has shown both.
 * @returns the code to spend in the transaction; null where none is needed
 * @throws {DomainError} wrong_credentials, wrong_code, code_required
 */
export const confirmBoth = (
  practice: Practice,
  principal: Principal,
  given: { readonly password: string; readonly code?: string | undefined },
): Promise<CodeProof | null> =>
  attemptAgain(practice, principal, given.password, async ({ id }) => {
    const em = practice.database.em.fork();
    const factors = await factorsOf(em, id);
    if (!asksForCode(factors)) return null;
    if (given.code !== undefined) {
      const proof = await findProof(practice, id, given.code);
      if (!proof) throw new DomainError("wrong_code");
      return proof;
    }
    const [session]: { signed_in_by: string; started_at: string }[] = await em.execute(
      "select signed_in_by, started_at from session where id = ?",
      [principal.session!.id],
    );
    const byPasskey = session?.signed_in_by === "passkey" && Date.parse(session.started_at) > now() - FRESH;
    if (!byPasskey) throw new DomainError("code_required", { ways: waysOf(factors) });
    return null;
  });

/** A sign-in or password of the last 15 minutes. @throws {DomainError} password_needed, wrong_credentials */
export async function assertFresh(
  practice: Practice,
  principal: Principal,
  password: string | undefined,
): Promise<void> {
  const em = practice.database.em.fork();
  const [session]: { unlocked_at: string }[] = await em.execute(
    "select unlocked_at from session where id = ?",
    [principal.session!.id],
  );
  if (session && Date.parse(session.unlocked_at) > now() - FRESH) return;
  if (password === undefined) throw new DomainError("password_needed");
  await confirmPassword(practice, principal, password);
  await em.execute("update session set unlocked_at = ? where id = ?", [instantNow(), principal.session!.id]);
}
