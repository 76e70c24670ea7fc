import { instantNow } from "#domain/kernel/clock.ts";
import type { AuditEntry, LedgerTransaction } from "#server/database/ledger.ts";

/** Revokes what somebody owns, each with its record: what works under their name ends with their access. */
export async function revokeOwnedTokens(
  { em, audit }: Pick<LedgerTransaction, "em" | "audit">,
  ownerId: string,
  by: Pick<AuditEntry, "actor" | "requestId">,
): Promise<void> {
  const revoked: { id: string }[] = await em.execute(
    `update token set revoked_at = ?, version = version + 1 where owner_id = ? and revoked_at is null returning id`,
    [instantNow(), ownerId],
  );
  for (const { id } of revoked)
    audit({
      ...by,
      action: "token.revoked",
      outcome: "ok",
      reason: "access_ended",
      resource: { type: "token", id },
    });
}
