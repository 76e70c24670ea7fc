import { after } from "#domain/kernel/clock.ts";
import { instantSchema } from "#domain/kernel/instant.ts";
import { loadJose } from "../outbox/server-key.ts";
import { createWakeLock } from "../recording/wake-lock.ts";
import { runAloneInBrowser } from "../session/access.ts";
import { watchIdle } from "../session/idle-lock.ts";
import { createTabLock } from "../session/tab-lock.ts";
import { createLocal } from "./create-local.ts";
import { provideLocal } from "./current.ts";
import { deriveInWorker } from "./keys/argon2.ts";
import type { Local } from "./local.ts";
import { LocalDatabase } from "./store/database.ts";
import type { OfflineMemory } from "./sync/connection.ts";

/** Milliseconds after the first unlock, so that the first screen and its rows have the line for themselves. */
const FETCH_LATER = 1500;

/** A name for the list of devices, which somebody may change later. */
function deviceName(): string {
  const { userAgent } = navigator;
  const system = /iPad|iPhone|Android|Windows|Macintosh|CrOS|Linux/.exec(userAgent)?.[0] ?? "Browser";
  return `${system} ${screen.width}×${screen.height}`;
}

const microphone = () => import("../recording/microphone.ts");
const speaker = () => import("../recording/speaker.ts");
const upload = () => import("../recording/upload.ts");
const tus = () => import("tus-js-client");

/**
 * Fetches what the first screen does not need but a person may need a moment later, when the network may be gone:
 * sealing, recording, listening, sending. What did not come is asked for again when the clinic answers.
 */
function fetchTheRest(local: Local): void {
  const { connection } = local;
  const care = () => import("./care.ts").then(({ takeCare }) => takeCare(local));
  let missing: readonly (() => Promise<unknown>)[] = [care, loadJose, microphone, speaker, upload, tus];
  let busy = false;
  const fetchMissing = async () => {
    if (busy || connection.get().offlineSince !== null) return;
    busy = true;
    const ends = await Promise.allSettled(missing.map((load) => load()));
    missing = missing.filter((_, index) => ends[index]?.status === "rejected");
    busy = false;
    if (missing.length === 0) stop();
  };
  const stop = connection.subscribe(() => void fetchMissing());
  void fetchMissing();
}

/** Calls `then` once somebody is at work here. */
function onceUnlocked({ session }: Local, then: () => void): void {
  const look = () => {
    if (session.get().state !== "unlocked") return;
    stop();
    then();
  };
  const stop = session.subscribe(look);
  look();
}

const SINCE = "jamemr-offline-since";

/** A time and nothing else, so that it may lie open beside the sealed store. */
const offlineMemory: OfflineMemory = {
  read() {
    try {
      const since = instantSchema.safeParse(localStorage.getItem(SINCE));
      return since.success ? since.data : null;
    } catch {
      return null;
    }
  },
  write(since) {
    try {
      if (since === null) localStorage.removeItem(SINCE);
      else localStorage.setItem(SINCE, since);
    } catch {
      // a browser without room or permission: only the hour after a reload is less exact
    }
  },
};

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
    microphone: async (events) => (await microphone()).openMicrophone(events),
    speaker: async (bytes) => (await speaker()).openSpeaker(bytes),
    send: async (...part) => (await upload()).sendByTus(...part),
    keepAwake: createWakeLock(),
    offlineMemory,
  });
  provideLocal(local);
  const retry = () => void local.syncNow();
  window.addEventListener("online", retry);
  window.addEventListener("offline", retry); // a try that fails says so at once
  window.addEventListener("focus", retry);
  onceUnlocked(local, () => after(FETCH_LATER, () => fetchTheRest(local)));
  watchIdle(() => void local.session.lock());
  return local;
}
