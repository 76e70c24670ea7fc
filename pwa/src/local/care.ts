import { startHeartbeat } from "./heartbeat.ts";
import type { Local } from "./local.ts";
import { closeGlass } from "./storage/close-glass.ts";
import { markStanding } from "./storage/mark-standing.ts";
import { browserMark } from "./storage/store-mark.ts";
import { watchStorage } from "./storage/watch-storage.ts";

/** What goes on beside the work, for as long as the page is open: how this tablet does, and whether it has room. */
export function takeCare(local: Local): void {
  const { storage } = navigator;
  startHeartbeat(local, { version: __JAMEMR_VERSION__, storage });
  markStanding(local, browserMark);
  closeGlass(local);
  // An address without a certificate has none.
  if ("storage" in navigator) watchStorage(local, storage);
}
