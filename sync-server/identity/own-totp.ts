import type { NewTotp } from "#domain/access/account.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Practice } from "#server/practice/practice.ts";
import type { Principal } from "./principal.ts";
import { assertFresh, confirmBoth } from "./re-authentication.ts";
import { issueRecoveryCodes, replaceRecoveryCodes } from "./recovery-codes.ts";
import { asksForCode, assertNoShortPasswordAlone, factorsOf, hasFactor, lockUser } from "./second-factor.ts";
import { newSecret, openSecret, sealSecret, stepOf, wordsFor } from "./totp.ts";

/** Milliseconds in which somebody scans the picture and types the first code. */
const SET_UP_WITHIN = 15 * 60_000;

/** Who acts on their own account. */
export interface OwnContext {
  readonly practice: Practice;
  readonly principal: Principal;
  readonly requestId: string;
}

interface Given {
  readonly password: string;
  readonly code?: string | undefined;
}

const recordOf = ({ principal, requestId }: OwnContext) => ({
  actor: principal.audit,
  outcome: "ok" as const,
  resource: { type: "user", id: principal.actor.id },
  requestId,
});

/**
 * A secret for an authenticator app. It counts for nothing before {@link confirmTotp}; one that is there already goes on
 * working until then, and takes both factors to replace.
 */
export async function beginTotp(
  context: OwnContext,
  given: { password?: string | undefined; code?: string | undefined },
): Promise<NewTotp> {
  const { practice, principal } = context;
  const userId = principal.actor.id;
  const { totp } = await factorsOf(practice.database.em.fork(), userId);
  const spend = totp ? await confirmReplacing(context, given) : null;
  if (!totp) await assertFresh(practice, principal, given.password);
  const id = newId();
  const secret = newSecret();
  await practice.ledger.transact(async (tx) => {
    await lockUser(tx.em, userId);
    await spend?.spend(tx, principal.audit);
    await tx.em.execute("delete from totp_factor where user_id = ? and confirmed_at is null", [userId]);
    await tx.em.execute("insert into totp_factor(id, user_id, secret, created_at) values (?, ?, ?, ?)", [
      id,
      userId,
      sealSecret(practice.keys, id, secret),
      instantNow(),
    ]);
    tx.audit({ ...recordOf(context), action: "totp.begun" });
  });
  const [user]: { username: string }[] = await practice.database.em
    .fork()
    .execute("select username from app_user where id = ?", [userId]);
  return { id, ...wordsFor(secret, practice.info.name, user!.username) };
}

async function confirmReplacing(
  { practice, principal }: OwnContext,
  { password, code }: { password?: string | undefined; code?: string | undefined },
) {
  if (password === undefined) throw new DomainError("password_needed");
  return confirmBoth(practice, principal, { password, code });
}

/** The first code shows that the app has the secret. @returns the recovery codes, told once @throws {DomainError} not_found, wrong_code */
export async function confirmTotp(context: OwnContext, id: string, code: string): Promise<string[]> {
  const { practice, principal } = context;
  const userId = principal.actor.id;
  const { result } = await practice.ledger.transact(async ({ em, audit }) => {
    await lockUser(em, userId);
    const [pending]: { secret: Uint8Array }[] = await em.execute(
      "select secret from totp_factor where id = ? and user_id = ? and confirmed_at is null and created_at > ?",
      [id, userId, instant(now() - SET_UP_WITHIN)],
    );
    if (!pending) throw new DomainError("not_found");
    const step = stepOf(openSecret(practice.keys, id, pending.secret), code.replace(/[\s-]/g, ""), now());
    if (step === null) throw new DomainError("wrong_code");
    await em.execute("delete from totp_factor where user_id = ? and id <> ?", [userId, id]);
    await em.execute("update totp_factor set confirmed_at = ?, last_step = ? where id = ?", [
      instantNow(),
      step,
      id,
    ]);
    audit({ ...recordOf(context), action: "totp.added" });
    audit({ ...recordOf(context), action: "recovery-code.issued" });
    return issueRecoveryCodes(em, userId);
  });
  return result;
}

/** @throws {DomainError} wrong_credentials, wrong_code, code_required; not_found; longer_password_first */
export async function removeTotp(context: OwnContext, given: Given): Promise<void> {
  const { practice, principal } = context;
  const userId = principal.actor.id;
  const proof = await confirmBoth(practice, principal, given);
  await practice.ledger.transact(async (tx) => {
    await lockUser(tx.em, userId);
    await proof?.spend(tx, principal.audit);
    const gone: unknown[] = await tx.em.execute("delete from totp_factor where user_id = ? returning id", [
      userId,
    ]);
    if (gone.length === 0) throw new DomainError("not_found");
    await assertNoShortPasswordAlone(tx.em, userId);
    // Nothing asks for a code any more, unless a short password stands beside a passkey.
    if (!asksForCode(await factorsOf(tx.em, userId))) await replaceRecoveryCodes(tx.em, userId);
    tx.audit({ ...recordOf(context), action: "totp.removed" });
  });
}

/** @returns a new set, told once; the one before works no more @throws {DomainError} wrong_credentials, wrong_code, code_required, no_second_factor */
export async function renewRecoveryCodes(context: OwnContext, given: Given): Promise<string[]> {
  const { practice, principal } = context;
  const userId = principal.actor.id;
  const proof = await confirmBoth(practice, principal, given);
  const { result } = await practice.ledger.transact(async (tx) => {
    await lockUser(tx.em, userId);
    const factors = await factorsOf(tx.em, userId);
    if (!asksForCode(factors) || !hasFactor(factors)) throw new DomainError("no_second_factor");
    await proof?.spend(tx, principal.audit);
    tx.audit({ ...recordOf(context), action: "recovery-code.issued" });
    return issueRecoveryCodes(tx.em, userId);
  });
  return result;
}

/** Says that one knows of the sign-ins by recovery code: not from the very session that such a code began. */
export async function acknowledgeRecovery(context: OwnContext): Promise<void> {
  const { practice, principal } = context;
  await practice.ledger.transact(async ({ em, audit }) => {
    await em.execute(
      `update recovery_code set seen_at = ?
       where user_id = ? and used_at is not null and seen_at is null and used_session_id is distinct from ?`,
      [instantNow(), principal.actor.id, principal.session!.id],
    );
    audit({ ...recordOf(context), action: "recovery-code.seen" });
  });
}
