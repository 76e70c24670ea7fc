import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { isOwnHand } from "#domain/sync/review.ts";
import type { ReviewDecision, ReviewItem } from "#domain/sync/review-items.ts";
import { isTransient, refusalOf, repeatTransient } from "#server/database/database-error.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { holdMergeLinks, lockPeople } from "#server/patient/index.ts";
import { auditBase, carryOut } from "#server/sync/carry-out.ts";
import { tellAuthor } from "./hand-over.ts";
import { assertMayJudge, entryOf, findItem, openItem, reasonSealedAs, type StoredItem } from "./items.ts";
import { type ReviewContext, stillBefore } from "./review.ts";

export type Given =
  | { readonly decision: "adopt" }
  | { readonly decision: "discard"; readonly reason: string };

/**
 * Takes an item over, or discards it, once. Taken over, it is carried out now like anything that is pushed, by the rights
 * of the person who decides and under its author's name, in one transaction with the decision. A refusal leaves it
 * undecided. The same person's same decision again gives the first answer; any other finds it decided.
 */
export const decide = (context: ReviewContext, id: string, given: Given): Promise<ReviewItem> =>
  repeatTransient(() => decideOnce(context, id, given));

async function decideOnce(context: ReviewContext, id: string, given: Given): Promise<ReviewItem> {
  const { practice, principal } = context;
  let attempted: PushedMutation | undefined;
  try {
    const { result } = await practice.ledger.transact(async (tx) => {
      const item = await findItem(tx.em, id, { lock: true });
      await assertMayJudge(tx.em, principal, item);
      const decision = given.decision === "adopt" ? "adopted" : "discarded";
      const record = { ...recordOf(context, item), colleagueId: item.userId };
      if (item.decision !== null) {
        if (item.decision !== decision || item.decidedBy !== principal.actor.id)
          throw new DomainError("quarantine_decided", { decision: item.decision });
        tx.audit({ ...record, action: `quarantine.${decision}`, reason: "repeated" });
        return entryOf(item, null);
      }
      if (given.decision === "adopt") {
        const mutation = openItem(practice, item);
        await assertAdoptable(context, tx, item, mutation);
        attempted = mutation;
        await adopt(context, tx, item, mutation);
      }
      tx.audit({ ...record, action: `quarantine.${decision}` });
      return store(context, tx, item, decision, given.decision === "discard" ? given.reason : null);
    });
    return result;
  } catch (error) {
    if (attempted) await recordRefusal(context, attempted, error);
    throw error;
  }
}

const recordOf = ({ principal, requestId }: ReviewContext, item: StoredItem) => ({
  actor: principal.audit,
  outcome: "ok" as const,
  requestId,
  resource: { type: "quarantine", id: item.id },
  ...(item.patientId && { patientId: item.patientId }),
});

/** @throws {DomainError} quarantine_own_hand, quarantine_earlier_first */
async function assertAdoptable(
  { practice }: ReviewContext,
  { em }: LedgerTransaction,
  item: StoredItem,
  mutation: PushedMutation,
): Promise<void> {
  if (isOwnHand(item.name)) throw new DomainError("quarantine_own_hand");
  const earlier = await stillBefore(practice, em, item, mutation);
  if (earlier !== null) throw new DomainError("quarantine_earlier_first", { id: earlier });
}

/** Does what was written, as a push would do it. Whose work it is does not change with who brings it in. */
async function adopt(
  context: ReviewContext,
  tx: LedgerTransaction,
  item: StoredItem,
  mutation: PushedMutation,
): Promise<void> {
  const links = await holdMergeLinks(tx.em);
  const patientId = idSchema.safeParse(mutation.args.patientId).data;
  if (patientId) await lockPeople(tx.em, links, [patientId]);
  await carryOut(
    { ...context, adopts: { deviceId: item.deviceId, authorId: item.userId } },
    tx,
    mutation,
    links,
  );
  await tx.em.flush();
}

async function store(
  { practice, principal }: ReviewContext,
  { em }: LedgerTransaction,
  item: StoredItem,
  decision: ReviewDecision,
  reason: string | null,
): Promise<ReviewItem> {
  const decided = { decision, decidedBy: principal.actor.id, decidedAt: instantNow() };
  const sealed = reason && practice.keys.sealForPractice(Buffer.from(reason), reasonSealedAs(item.id));
  await em.execute(
    `update quarantine set decision = ?, decided_by = ?, decided_at = ?, decision_reason = ?, version = version + 1
     where id = ?`,
    [decision, decided.decidedBy, decided.decidedAt, sealed, item.id],
  );
  if (item.handedTo !== null) await tellAuthor(em, item.id, decided);
  return entryOf({ ...item, ...decided }, null);
}

/** That it was tried and refused stands in the log. What is a denial is recorded where every denial is. */
async function recordRefusal(
  context: ReviewContext,
  mutation: PushedMutation,
  error: unknown,
): Promise<void> {
  const refusal = refusalOf(error);
  if (!refusal || refusal.status === 403 || isTransient(error)) return;
  await context.practice.ledger.record({
    ...auditBase({ ...context, adopts: { deviceId: "", authorId: mutation.actor } }, mutation),
    action: "mutation.refused",
    outcome: "denied",
    reason: refusal.code,
  });
}
