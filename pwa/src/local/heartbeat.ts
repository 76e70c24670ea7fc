import { instantNow } from "#domain/kernel/clock.ts";
import type { DeviceReport } from "#domain/operations/dashboard.ts";
import type { Local } from "./local.ts";
import { soonest } from "./soonest.ts";
import { chartsOf } from "./storage/charts.ts";

/** Milliseconds between two reports, and from an unlock or a change in the queue to the next one. */
const EVERY = 60_000;
const SOON = 4_000;

export interface HeartbeatOptions {
  readonly version: string;
  readonly storage: Pick<StorageManager, "estimate" | "persisted"> | undefined;
}

/** What this device says of itself: numbers only, never a word of what waits. */
async function report(local: Local, { version, storage }: HeartbeatOptions): Promise<DeviceReport> {
  const items = local.outbox.get();
  const waiting = items.filter(({ status }) => status !== "refused");
  const { usage = 0, quota = 0 } = (await storage?.estimate()) ?? {};
  return {
    version,
    at: instantNow(),
    outboxDepth: waiting.length,
    outboxOldestAt: waiting[0]?.at ?? null,
    attention: items.length - waiting.length,
    recordingsWaiting: Math.max(0, local.connection.get().waiting - waiting.length),
    storagePersisted: (await storage?.persisted()) ?? false,
    storageUsed: usage,
    storageQuota: quota,
    storageRefused: local.storage.get()?.refused ?? false,
    historyFault: local.history.get()?.fault ?? null,
    chartsPutAway: chartsOf(local).away.length,
    clients: [...(await local.newest())],
  };
}

/** Tells the clinic every minute how this device does, while somebody works on it. Returns what ends it. */
export function startHeartbeat(local: Local, options: HeartbeatOptions): () => void {
  let ended = false;
  const next = soonest(() => void beat());
  const beat = async () => {
    if (local.session.get().state === "unlocked" && local.connection.get().state !== "offline") {
      const body = await report(local, options);
      // Nobody answered: the next one says what matters, and the chip says that the clinic is away.
      await local.ask("/api/devices/heartbeat", { method: "POST", body, answer: null }).catch(() => {});
    }
    if (!ended) next.in(EVERY);
  };
  const ends = [local.session, local.outbox].map((value) => value.subscribe(() => next.in(SOON)));
  next.in(SOON);
  return () => {
    ended = true;
    next.cancel();
    for (const end of ends) end();
  };
}
