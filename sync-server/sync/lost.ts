import { DomainError } from "#domain/errors/catalog.ts";
import type { MutationResult, PushedMutation } from "#domain/sync/protocol.ts";
import { keepOnce } from "./keep-once.ts";
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
  // The device's own number stands on the record of the refusal; it is told once.
  const { session, actor } = context.principal;
  const again = { ...context, adopts: { deviceId: session?.deviceId ?? "", authorId: actor.id } };
  await keepOnce(context, words, async (tx, fresh) => {
    for (const mutation of fresh)
      await refuse(again, tx, mutation, new DomainError("revoked_before_arrival"));
  });
}
