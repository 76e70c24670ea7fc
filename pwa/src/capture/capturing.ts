import { local, type SessionState } from "#pwa/local/index.ts";
import { createValue } from "#pwa/local/value.ts";

/** Whether somebody writes without reading. The page stays when the clinic answers in the middle of a sentence. */
export const capturing = createValue(false);

/** Whether somebody's keys are here to seal with. */
export const mayCapture = (state: SessionState): boolean =>
  state === "expired" || state === "emergency" || state === "unlocked" || state === "reauth";

/** It ends with a lock: what was typed is put away then. */
export function startCapturing(): void {
  const { session } = local();
  capturing.set(true);
  const stop = session.subscribe(() => {
    if (mayCapture(session.get().state)) return;
    stop();
    capturing.set(false);
  });
}
