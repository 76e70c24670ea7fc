import type { Local } from "./local.ts";

/** Starts the local layer of this browser tab and makes it the current one. */
export async function startLocal(): Promise<Local> {
  throw new Error("the local layer is not built yet");
}
