import { randomBytes, sleep } from "#domain/kernel/clock.ts";

const FIRST = 500;
const LONGEST = 15_000;

/** Milliseconds before try `attempt` (from 0): doubling up to 15 s, with up to a fifth of chance so that nodes spread. */
export function backoffMilliseconds(attempt: number): number {
  const base = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return Math.round(base * (1 + randomBytes(1)[0]! / 1280));
}

/** Sleeps longer after each failure in a row. */
export function createBackoff(): { wait(signal: AbortSignal): Promise<void>; reset(): void } {
  let attempt = 0;
  return {
    wait: (signal) => sleep(backoffMilliseconds(attempt++), signal),
    reset() {
      attempt = 0;
    },
  };
}
