import type { PushedMutation } from "#domain/sync/protocol.ts";
import { repeatTransient } from "#server/database/database-error.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { type LockedClient, lockClient } from "./client.ts";
import type { PushContext } from "./push.ts";

/**
 * Keeps for review what stands nowhere else, once each however often it comes: `keep` gets what is not kept yet, under
 * the client's lock, and is not called for nothing.
 */
export async function keepOnce(
  context: PushContext,
  words: readonly PushedMutation[],
  keep: (tx: LedgerTransaction, fresh: readonly PushedMutation[], client: LockedClient) => Promise<void>,
): Promise<void> {
  if (words.length === 0) return;
  const nothingNew = new Error("nothing new");
  const once = () =>
    context.practice.ledger.transact(async (tx) => {
      const client = await lockClient(tx.em, context.principal, context.clientId);
      const kept = await keptBefore(tx, context.clientId, words);
      const fresh = words.filter(({ n, hash }) => !kept.has(`${n} ${hash}`));
      if (fresh.length === 0) throw nothingNew;
      await keep(tx, fresh, client);
    });
  try {
    await repeatTransient(once);
  } catch (error) {
    if (error !== nothingNew) throw error;
  }
}

/** What came before, as number and hash. */
async function keptBefore(
  { em }: LedgerTransaction,
  clientId: string,
  words: readonly PushedMutation[],
): Promise<ReadonlySet<string>> {
  const rows: { n: string; hash: string }[] = await em.execute(
    "select n, encode(body_hash, 'hex') as hash from quarantine where client_id = ? and n = any(?::bigint[])",
    [clientId, `{${words.map(({ n }) => n).join(",")}}`],
  );
  return new Set(rows.map(({ n, hash }) => `${n} ${hash}`));
}
