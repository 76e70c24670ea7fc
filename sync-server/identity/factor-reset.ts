import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { AuditEntry, LedgerTransaction } from "#server/database/ledger.ts";
import { replaceRecoveryCodes } from "./recovery-codes.ts";
import { asksForCode, type Factors, factorsOf, lockUser } from "./second-factor.ts";

/** What a reset would take away. @throws {DomainError} no_second_factor */
export async function resettable(em: EntityManager, userId: string): Promise<Factors> {
  const factors = await factorsOf(em, userId);
  if (!asksForCode(factors)) throw new DomainError("no_second_factor");
  return factors;
}

/**
 * For somebody who has lost what stood beside the password, once a second person has agreed: the password alone lets them in,
 * and a short one lets them choose a longer one only. Passkeys are taken away one by one, without an approval.
 */
export async function resetFactor(
  { em, audit }: LedgerTransaction,
  userId: string,
  record: Pick<AuditEntry, "actor" | "approvalId">,
): Promise<void> {
  await lockUser(em, userId);
  const { passwordShort } = await resettable(em, userId);
  await em.execute("delete from totp_factor where user_id = ?", [userId]);
  await replaceRecoveryCodes(em, userId);
  if (passwordShort) await em.execute("update app_user set must_change = true where id = ?", [userId]);
  await em.execute(
    "update session set ended_at = ?, end_reason = 'factor_reset' where user_id = ? and ended_at is null",
    [instantNow(), userId],
  );
  audit({ ...record, action: "factor.reset", outcome: "ok", resource: { type: "user", id: userId } });
}
