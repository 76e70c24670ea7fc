import { useEffect, useState } from "react";
import { after, now } from "#domain/kernel/clock.ts";

/** Whole seconds until an instant, counted down once a second; 0 when it has passed. */
export function useSecondsUntil(until: number | null): number {
  const [, tick] = useState(0);
  const left = until === null ? 0 : Math.max(0, Math.ceil((until - now()) / 1000));
  useEffect(() => {
    if (left === 0) return;
    return after(1000, () => tick((count) => count + 1));
  });
  return left;
}
