import { openMicrophone } from "../recording/microphone.ts";
import { openSpeaker } from "../recording/speaker.ts";
import { sendByTus } from "../recording/upload.ts";
import { createWakeLock } from "../recording/wake-lock.ts";
import { runAloneInBrowser } from "../session/access.ts";
import { watchIdle } from "../session/idle-lock.ts";
import { createTabLock } from "../session/tab-lock.ts";
import { createLocal } from "./create-local.ts";
import { provideLocal } from "./current.ts";
import { deriveInWorker } from "./keys/argon2.ts";
import type { Local } from "./local.ts";
import { LocalDatabase } from "./store/database.ts";

/** A name for the list of devices, which somebody may change later. */
function deviceName(): string {
  const { userAgent } = navigator;
  const system = /iPad|iPhone|Android|Windows|Macintosh|CrOS|Linux/.exec(userAgent)?.[0] ?? "Browser";
  return `${system} ${screen.width}×${screen.height}`;
}

/** Starts the local layer of this browser tab and makes it the current one. */
export async function startLocal(): Promise<Local> {
  const local = await createLocal({
    database: new LocalDatabase(),
    fetch: (input, init) => fetch(input, init),
    origin: location.origin,
    alone: runAloneInBrowser,
    tab: createTabLock(navigator.locks),
    derive: deriveInWorker,
    deviceName: deviceName(),
    microphone: openMicrophone,
    speaker: openSpeaker,
    send: sendByTus,
    keepAwake: createWakeLock(),
  });
  provideLocal(local);
  const retry = () => void local.syncNow();
  window.addEventListener("online", retry);
  window.addEventListener("focus", retry);
  watchIdle(() => void local.session.lock());
  // Without this the browser may clear unsent work when the disk gets full.
  void navigator.storage?.persist?.();
  return local;
}
