import type { SecondWay } from "#domain/access/account.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Practice } from "#server/practice/practice.ts";
import type { Principal } from "./principal.ts";
import { recoveryCodeIn, recoveryHash } from "./recovery-codes.ts";
import { openSecret, stepOf } from "./totp.ts";

/** A code that fits. It is used up in the transaction that it lets happen, so that nothing else costs a recovery code. */
export interface CodeProof {
  readonly by: "totp" | "recovery";
  /** @throws {DomainError} wrong_code: another request used it meanwhile */
  spend(tx: LedgerTransaction, actor: Principal["audit"]): Promise<void>;
}

export interface Factors {
  readonly totp: boolean;
  readonly passkeys: number;
  readonly recoveryLeft: number;
  readonly passwordShort: boolean;
}

/** What somebody has beside the password. */
export async function factorsOf(em: EntityManager, userId: string): Promise<Factors> {
  const [row]: Factors[] = await em.execute(
    `select exists (select 1 from totp_factor f where f.user_id = u.id and f.confirmed_at is not null) as totp,
       (select count(*)::int from passkey k where k.user_id = u.id) as passkeys,
       (select count(*)::int from recovery_code c where c.user_id = u.id and c.used_at is null
          and c.replaced_at is null) as "recoveryLeft",
       u.password_short as "passwordShort"
     from app_user u where u.id = ?`,
    [userId],
  );
  return row ?? { totp: false, passkeys: 0, recoveryLeft: 0, passwordShort: false };
}

/** A short password counts for nothing alone, also where a passkey is all that stands beside it. */
export const asksForCode = ({ totp, passwordShort }: Factors): boolean => totp || passwordShort;

export const hasFactor = ({ totp, passkeys }: Factors): boolean => totp || passkeys > 0;

export const waysOf = ({ totp, recoveryLeft, passkeys }: Factors): SecondWay[] => [
  ...(totp ? (["totp"] as const) : []),
  ...(recoveryLeft > 0 ? (["recovery"] as const) : []),
  ...(passkeys > 0 ? (["passkey"] as const) : []),
];

/**
 * In a transaction that takes a factor away: nobody is left with a short password and nothing beside it. Whoever chooses a
 * password holds the same lock, so that both cannot happen side by side.
 * @throws {DomainError} longer_password_first
 */
export async function assertNoShortPasswordAlone(em: EntityManager, userId: string): Promise<void> {
  await lockUser(em, userId);
  const factors = await factorsOf(em, userId);
  if (factors.passwordShort && !hasFactor(factors)) throw new DomainError("longer_password_first");
}

export const lockUser = (em: EntityManager, userId: string): Promise<unknown> =>
  em.execute("select 1 from app_user where id = ? for update", [userId]);

/** @returns null when it is not a code of this person, or was used before */
export async function findProof(
  practice: Practice,
  userId: string,
  typed: string,
): Promise<CodeProof | null> {
  const digits = typed.replace(/[\s-]/g, "");
  if (/^\d{6}$/.test(digits)) return findTotp(practice, userId, digits);
  const code = recoveryCodeIn(typed);
  return code === null ? null : findRecovery(practice, userId, code);
}

interface TotpRow {
  readonly id: string;
  readonly secret: Uint8Array;
  readonly last_step: string;
}

async function findTotp(
  { database, keys }: Practice,
  userId: string,
  code: string,
): Promise<CodeProof | null> {
  const [factor]: TotpRow[] = await database.em
    .fork()
    .execute("select id, secret, last_step from totp_factor where user_id = ? and confirmed_at is not null", [
      userId,
    ]);
  if (!factor) return null;
  const step = stepOf(openSecret(keys, factor.id, factor.secret), code, now());
  if (step === null || step <= Number(factor.last_step)) return null;
  return {
    by: "totp",
    async spend({ em }) {
      const moved: unknown[] = await em.execute(
        "update totp_factor set last_step = ?, last_used_at = ? where id = ? and last_step < ? returning id",
        [step, instantNow(), factor.id, step],
      );
      if (moved.length === 0) throw new DomainError("wrong_code");
    },
  };
}

async function findRecovery({ database }: Practice, userId: string, code: string): Promise<CodeProof | null> {
  const usable = "user_id = ? and hash = ? and used_at is null and replaced_at is null";
  const params = [userId, recoveryHash(userId, code)];
  const [found]: { id: string }[] = await database.em
    .fork()
    .execute(`select id from recovery_code where ${usable}`, params);
  if (!found) return null;
  return {
    by: "recovery",
    async spend({ em, audit }, actor) {
      const used: unknown[] = await em.execute(
        `update recovery_code set used_at = ?, used_session_id = ? where ${usable} returning id`,
        [instantNow(), actor.sessionId ?? null, ...params],
      );
      if (used.length === 0) throw new DomainError("wrong_code");
      audit({
        actor,
        action: "recovery-code.used",
        outcome: "ok",
        resource: { type: "user", id: userId },
      });
    },
  };
}
