import { now } from "#domain/kernel/clock.ts";
import type { Local } from "../local.ts";

/** Milliseconds for which a refused write means that there is no room. */
const JUST_NOW = 10 * 60_000;

export function refusedWithin({ noRoom }: Pick<Local, "noRoom">, milliseconds: number): boolean {
  const at = noRoom.get();
  return at !== null && Math.abs(now() - at) < milliseconds;
}

/** Whether the browser refused to write so lately that a new recording would not fit either. */
export const refusedJustNow = (local: Pick<Local, "noRoom">): boolean => refusedWithin(local, JUST_NOW);
