import { dateIn } from "#domain/kernel/instant.ts";
import type { WaitListEntry } from "#domain/wait-list/index.ts";
import { useRows } from "#pwa/local/index.ts";

/** Who still waits for an earlier time, the longest first; whose last day has passed is not among them. */
export function useWaiting(zone: string): {
  readonly entries: readonly WaitListEntry[];
  readonly ready: boolean;
} {
  const { rows, ready } = useRows("wait-list", {
    where: { status: "waiting", until: { gte: dateIn(zone) } },
    sort: "addedAt",
  });
  return { entries: rows, ready };
}
