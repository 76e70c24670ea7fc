import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { MutationResult, PushedMutation } from "#domain/sync/protocol.ts";
import { repeatTransient } from "#server/database/database-error.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { lockClient } from "./client.ts";
import type { PushContext } from "./push.ts";
import { refuse } from "./refuse.ts";

/** Two devices use this client: another one had these numbers first. */
export class ForkedClient extends Error {
  readonly mutations: readonly PushedMutation[];

  constructor(mutations: readonly PushedMutation[]) {
    super("client_fork");
    this.mutations = mutations;
  }
}

/**
 * Keeps what a copied profile wrote under numbers that are taken, once each, and notes that the client is forked: nobody
 * can say any more which of the two is meant, so all that comes from it is reviewed until the device starts anew.
 */
async function keepForReview(
  context: PushContext,
  foreign: readonly PushedMutation[],
): Promise<MutationResult[]> {
  const answer = ({ n }: PushedMutation): MutationResult => ({
    n,
    status: "quarantined",
    code: "client_fork",
  });
  const nothingNew = new Error("nothing new");
  try {
    await context.practice.ledger.transact(async (tx) => {
      const { forked } = await lockClient(tx.em, context.principal, context.clientId);
      const kept = await keptBefore(tx, context.clientId, foreign);
      const fresh = foreign.filter(({ n, hash }) => !kept.has(`${n} ${hash}`));
      if (fresh.length === 0) throw nothingNew;
      if (!forked) await recordFork(context, tx);
      for (const mutation of fresh) await refuse(context, tx, mutation, new DomainError("client_fork"));
    });
  } catch (error) {
    if (error !== nothingNew) throw error;
  }
  return foreign.map(answer);
}

/** What came before, as number and hash. */
export async function keptBefore(
  { em }: LedgerTransaction,
  clientId: string,
  foreign: readonly PushedMutation[],
): Promise<ReadonlySet<string>> {
  const rows: { n: string; hash: string }[] = await em.execute(
    "select n, encode(body_hash, 'hex') as hash from quarantine where client_id = ? and n = any(?::bigint[])",
    [clientId, `{${foreign.map(({ n }) => n).join(",")}}`],
  );
  return new Set(rows.map(({ n, hash }) => `${n} ${hash}`));
}

/** Practice IT has to hear of a copied profile. */
async function recordFork(
  { principal, clientId, requestId }: PushContext,
  { em, audit }: LedgerTransaction,
): Promise<void> {
  await em.execute("update sync_client set forked_at = ? where client_id = ?", [instantNow(), clientId]);
  audit({
    actor: principal.audit,
    action: "client.forked",
    outcome: "error",
    resource: { type: "client", id: clientId },
    requestId,
  });
}

type Settle = (batch: readonly PushedMutation[]) => Promise<MutationResult[]>;

/** Settles a batch; what another device wrote under numbers that are taken is kept for review apart from the rest. */
export const apart =
  (context: PushContext, settle: Settle): Settle =>
  async (batch) => {
    try {
      return await settle(batch);
    } catch (error) {
      if (!(error instanceof ForkedClient)) throw error;
      const kept = await repeatTransient(() => keepForReview(context, error.mutations));
      const rest = batch.filter((mutation) => !error.mutations.includes(mutation));
      const settled = rest.length > 0 ? await settle(rest) : [];
      return [...kept, ...settled].sort((a, b) => a.n - b.n);
    }
  };
