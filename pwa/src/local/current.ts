import type { Local } from "./local.ts";

let current: Local | null = null;

/** Makes `next` the layer that hooks and actions use: the real one at start-up, a made-up one in component tests. */
export function provideLocal(next: Local): void {
  current = next;
}

/** @throws {Error} before {@link provideLocal} */
export function local(): Local {
  if (!current) throw new Error("the local layer was not started: call startLocal() first");
  return current;
}
