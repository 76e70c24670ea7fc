import { every, monotonic } from "#domain/kernel/clock.ts";

/** Milliseconds without a touch after which the tablet locks. */
const IDLE = 5 * 60_000;

/** Calls `lock` after five minutes in which nobody touched anything. Drafts and a running recording stay. */
export function watchIdle(lock: () => void): () => void {
  let touched = monotonic();
  const touch = () => {
    touched = monotonic();
  };
  const kinds = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
  for (const kind of kinds) window.addEventListener(kind, touch, { passive: true, capture: true });
  const stop = every(5000, () => {
    if (monotonic() - touched > IDLE) lock();
  });
  return () => {
    stop();
    for (const kind of kinds) window.removeEventListener(kind, touch, { capture: true });
  };
}
