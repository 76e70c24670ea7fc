import { randomBytes } from "#domain/kernel/clock.ts";

const FIRST = 1000;
const LONGEST = 30_000;

/**
 * Milliseconds before the next try: doubling from 1 s to 30 s, each between half and all of that, so that twenty tablets
 * do not come back in step when the router is switched on again.
 */
export function backoff(failures: number): number {
  const whole = Math.min(FIRST * 2 ** Math.min(failures, 10), LONGEST);
  const [low = 0, high = 0] = randomBytes(2);
  return Math.round(whole * (0.5 + (low * 256 + high) / 131_072));
}
