import type { JobKind } from "#domain/ai/job.ts";
import { monotonic, sleep } from "#domain/kernel/clock.ts";
import type { Practice } from "#server/practice/practice.ts";
import type { ClaimedJob } from "./job-queue.ts";

/** How long a waiting claim goes without looking, in milliseconds, when nothing woke it. */
const LOOK_AGAIN = 2000;

/** Long poll: looks at once, then whenever something was committed, until `waitSeconds` are over. */
export async function waitForJob(
  practice: Practice,
  kinds: readonly JobKind[],
  waitSeconds: number,
  signal: AbortSignal,
): Promise<ClaimedJob | null> {
  const until = monotonic() + waitSeconds * 1000;
  let wake = new AbortController();
  const stop = practice.live.onChange(() => wake.abort());
  try {
    while (!signal.aborted) {
      const job = await practice.jobs.claim(kinds);
      if (job) return job;
      const left = until - monotonic();
      if (left <= 0) return null;
      await sleep(Math.min(left, LOOK_AGAIN), AbortSignal.any([wake.signal, signal]));
      if (wake.signal.aborted) wake = new AbortController();
    }
    return null;
  } finally {
    stop();
  }
}
