import { DomainError, type ErrorCode } from "#domain/errors/catalog.ts";
import type { MutationResult, PushedMutation } from "#domain/sync/protocol.ts";
import { isAnnounced } from "#domain/sync/review.ts";
import { keepOnce } from "./keep-once.ts";
import type { PushContext } from "./push.ts";
import { refuse } from "./refuse.ts";

/** What waits beside the record already, and what its author had decided about. */
const settledElsewhere: readonly (string | undefined)[] = ["demographics_conflict", "set_aside_before"];

const isRefused = ({ status, code }: MutationResult): boolean =>
  (status === "conflict" || status === "rejected") && !settledElsewhere.includes(code);

/**
 * What was refused while its author could still decide about it stands nowhere but on the tablet. When that is wiped, or
 * its author's keys are gone from it, the words come here, once, for somebody else to decide.
 */
export async function keepRefused(
  context: PushContext,
  delivered: readonly PushedMutation[],
  results: readonly MutationResult[],
): Promise<void> {
  const refused = new Map(results.filter(isRefused).map(({ n, code }) => [n, code as ErrorCode]));
  const words = delivered.filter((mutation) => refused.has(mutation.n) && isAnnounced(mutation.name));
  // The device's own number stands on the record of the refusal; it is told once.
  const { session, actor } = context.principal;
  const again = { ...context, adopts: { deviceId: session?.deviceId ?? "", authorId: actor.id } };
  await keepOnce(context, words, async (tx, fresh) => {
    for (const mutation of fresh) {
      const why = context.keysGone ? refused.get(mutation.n)! : "revoked_before_arrival";
      await refuse(again, tx, mutation, new DomainError(why));
    }
  });
}
