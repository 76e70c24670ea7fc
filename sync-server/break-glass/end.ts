import type { Role } from "#domain/access/roles.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { AuditEntry, LedgerTransaction } from "#server/database/ledger.ts";

type Transaction = Pick<LedgerTransaction, "em" | "audit">;
type Ended = { readonly id: string; readonly patientId: string };

const record = (
  { audit }: Transaction,
  ended: readonly Ended[],
  actor: AuditEntry["actor"],
  reason: "time" | "rights",
): void => {
  for (const { id, patientId } of ended)
    audit({
      actor,
      action: "break-glass.ended",
      outcome: "ok",
      reason,
      resource: { type: "break-glass", id },
      patientId,
      breakGlassId: id,
    });
};

/** Ends those whose time is over. They gave nothing to anybody since: now their rows leave the tablets, too. */
export async function endOver(tx: Transaction): Promise<void> {
  const ended: Ended[] = await tx.em.execute(
    `update break_glass set ended_at = until, version = version + 1 where ended_at is null and until <= ?
     returning id, patient_id as "patientId"`,
    [instantNow()],
  );
  record(tx, ended, { type: "system", id: null }, "time");
}

/** Ends what somebody opened in a role that they lose, or at all when they are shut out: it does not come back with the right. */
export async function voidBreakGlass(
  tx: Transaction,
  { userId, role }: { readonly userId: string; readonly role?: Role },
  by: AuditEntry["actor"],
): Promise<void> {
  const ended: Ended[] = await tx.em.execute(
    `update break_glass set ended_at = least(until, ?::timestamptz), version = version + 1
     where ended_at is null and user_id = ? and role = coalesce(?::text, role) returning id, patient_id as "patientId"`,
    [instantNow(), userId, role ?? null],
  );
  record(tx, ended, by, "rights");
}
