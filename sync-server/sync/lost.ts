import { DomainError } from "#domain/errors/catalog.ts";
import type { MutationResult, PushedMutation } from "#domain/sync/protocol.ts";
import { repeatTransient } from "#server/database/database-error.ts";
import { lockClient } from "./client.ts";
import { keptBefore } from "./fork.ts";
import type { PushContext } from "./push.ts";
import { refuse } from "./refuse.ts";

/** What was not stored, or only a part of it that waits beside the record already. */
const isRefused = ({ status, code }: MutationResult): boolean =>
  (status === "conflict" || status === "rejected") && code !== "demographics_conflict";

/**
 * What was refused while its author could still decide about it stands nowhere but on the tablet. When that is wiped the
 * words come here, once, for somebody else to decide.
 */
export async function keepRefused(
  context: PushContext,
  delivered: readonly PushedMutation[],
  results: readonly MutationResult[],
): Promise<void> {
  const refused = new Set(results.filter(isRefused).map(({ n }) => n));
  const words = delivered.filter(({ n }) => refused.has(n));
  if (words.length === 0) return;
  const nothingNew = new Error("nothing new");
  const keep = () =>
    context.practice.ledger.transact(async (tx) => {
      await lockClient(tx.em, context.principal, context.clientId);
      const kept = await keptBefore(tx, context.clientId, words);
      const fresh = words.filter(({ n, hash }) => !kept.has(`${n} ${hash}`));
      if (fresh.length === 0) throw nothingNew;
      // The device's own number stands on the record of the refusal; it is told once.
      const { session, actor } = context.principal;
      const again = { ...context, adopts: { deviceId: session?.deviceId ?? "", authorId: actor.id } };
      for (const mutation of fresh)
        await refuse(again, tx, mutation, new DomainError("revoked_before_arrival"));
    });
  try {
    await repeatTransient(keep);
  } catch (error) {
    if (error !== nothingNew) throw error;
  }
}
