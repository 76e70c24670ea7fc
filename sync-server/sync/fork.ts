import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { MutationResult, PushedMutation } from "#domain/sync/protocol.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { keepOnce } from "./keep-once.ts";
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
 * Keeps what a copied profile wrote under numbers that are taken, and notes that the client is forked: nobody can say any
 * more which of the two is meant, so all that comes from it is reviewed until the device starts anew.
 */
async function keepForReview(
  context: PushContext,
  foreign: readonly PushedMutation[],
): Promise<MutationResult[]> {
  await keepOnce(context, foreign, async (tx, fresh, { forked }) => {
    if (!forked) await recordFork(context, tx);
    for (const mutation of fresh) await refuse(context, tx, mutation, new DomainError("client_fork"));
  });
  return foreign.map(({ n }) => ({ n, status: "quarantined", code: "client_fork" }));
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

/**
 * Settles a batch; what another device wrote under numbers that are taken is kept for review apart from the rest. While that
 * is kept, the other device may take further numbers, of the rest.
 */
export const apart =
  (context: PushContext, settle: Settle): Settle =>
  async (batch) => {
    try {
      return await settle(batch);
    } catch (error) {
      if (!(error instanceof ForkedClient)) throw error;
      const kept = await keepForReview(context, error.mutations);
      const rest = batch.filter((mutation) => !error.mutations.includes(mutation));
      const settled = rest.length > 0 ? await apart(context, settle)(rest) : [];
      return [...kept, ...settled].sort((a, b) => a.n - b.n);
    }
  };
