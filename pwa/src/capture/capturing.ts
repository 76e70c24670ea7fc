import { local } from "#pwa/local/index.ts";
import { createValue } from "#pwa/local/value.ts";

/** Whether somebody writes without reading. The page stays when the clinic answers in the middle of a sentence. */
export const capturing = createValue(false);

/** It ends with a lock: what was typed is put away then. */
export function startCapturing(): void {
  const { session } = local();
  capturing.set(true);
  const stop = session.subscribe(() => {
    const { state } = session.get();
    if (state === "expired" || state === "emergency" || state === "unlocked" || state === "reauth") return;
    stop();
    capturing.set(false);
  });
}
