import type { JobKind } from "#domain/ai/job.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { monotonic, sleep } from "#domain/kernel/clock.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import type { ClaimedJob } from "./job-queue.ts";

/** How long a waiting claim goes without looking, in milliseconds, when nothing woke it. */
const LOOK_AGAIN = 2000;

/**
 * Long poll: looks at once, then whenever something was committed, until `waitSeconds` are over. Somebody whose token was
 * revoked meanwhile gets nothing.
 * @throws {DomainError} token_revoked
 */
export async function waitForJob(
  practice: Practice,
  principal: Principal,
  kinds: readonly JobKind[],
  waitSeconds: number,
  signal: AbortSignal,
): Promise<ClaimedJob | null> {
  const until = monotonic() + waitSeconds * 1000;
  let wake = new AbortController();
  const stops = [practice.live.onChange(() => wake.abort()), practice.live.onIdentity(() => wake.abort())];
  try {
    while (!signal.aborted) {
      if (await practice.authenticator.endOf(principal)) throw new DomainError("token_revoked");
      const job = await practice.jobs.claim(kinds);
      if (job) return job;
      const left = until - monotonic();
      if (left <= 0) return null;
      await sleep(Math.min(left, LOOK_AGAIN), AbortSignal.any([wake.signal, signal]));
      if (wake.signal.aborted) wake = new AbortController();
    }
    return null;
  } finally {
    for (const stop of stops) stop();
  }
}
