import { type Approval, isMerge } from "#domain/approval/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { AuditEntry, LedgerTransaction } from "#server/database/ledger.ts";
import { markRequest } from "#server/merge/index.ts";
import { lockMerges } from "#server/patient/index.ts";

type Standing = Pick<Approval, "id" | "payload" | "digest"> & { readonly asks: boolean };

/**
 * Open requests that end with somebody's access: those they made, those by which they would gain (a role, a token of
 * their own, another second factor), and those of others that stand by their approval alone.
 */
const standingSql = `
  select a.id, a.payload, a.digest, asks.own as asks
  from approval a cross join (select ?::text as id) who,
    lateral (select a.requested_by::text = who.id or a.payload->>'ownerId' = who.id
      or a.payload->>'userId' = who.id as own) asks
  where a.status in ('requested', 'approved') and a.closes_at > ? and a.payload->>'kind' <> 'user.enable'
    and (asks.own or a.status = 'approved'
      and a.decisions @> jsonb_build_array(jsonb_build_object('by', who.id, 'decision', 'approve')))
  order by a.id`;

/** How many there are: those they asked for or gain by, and those of others that they approved. */
export async function countStanding(
  em: EntityManager,
  userId: string,
): Promise<{ readonly requests: number; readonly approvals: number }> {
  const rows: Standing[] = await em.execute(standingSql, [userId, instantNow()]);
  const requests = rows.filter(({ asks }) => asks).length;
  return { requests, approvals: rows.length - requests };
}

/** Makes them void, each with its record: nothing is carried out any more that somebody shut out wanted or allowed. */
export async function voidStanding(
  { em, audit }: Pick<LedgerTransaction, "em" | "audit">,
  userId: string,
  by: Pick<AuditEntry, "actor" | "requestId">,
): Promise<void> {
  const find = (locked: "" | " for update of a"): Promise<Standing[]> =>
    em.execute(standingSql + locked, [userId, instantNow()]);
  // Before any patient is locked: pushes lock them in this order too.
  if ((await find("")).some(({ payload }) => isMerge(payload))) await lockMerges(em);
  for (const { id, payload, digest } of await find(" for update of a")) {
    await em.execute("update approval set status = 'voided' where id = ?", [id]);
    await markRequest(em, { id, payload, status: "voided" });
    audit({
      ...by,
      action: "approval.voided",
      outcome: "ok",
      reason: "access_ended",
      resource: { type: "approval", id },
      approvalId: id,
      purpose: payload.kind,
      after: digest,
      ...(isMerge(payload) && { patientId: payload.keptId }),
    });
  }
}
