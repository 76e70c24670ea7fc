import type { Mutation } from "./collection.ts";
import { addDays } from "./kernel/instant.ts";
import type { Versioned } from "./upcast.ts";

/** Days for which what was written in an earlier version is still carried out, counted from that version's end. */
export const UPCAST_DAYS = 120;

/** Whether a version ended too long before a day (YYYY-MM-DD) to be carried out unseen. */
export function isTooOld(
  { v: present, earlier }: Pick<Mutation, "v" | "earlier">,
  { v }: Pick<Versioned, "v">,
  day: string,
): boolean {
  const until = earlier?.[v]?.until;
  return v < present && (until === undefined || addDays(until, UPCAST_DAYS) < day);
}
