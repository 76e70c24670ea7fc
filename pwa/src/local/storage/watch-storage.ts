import { every, now } from "#domain/kernel/clock.ts";
import { type Room, shareUsed, storageMarks } from "#domain/operations/storage.ts";
import type { CollectionName, RowOf } from "#domain/registry.ts";
import type { Local, RowFilter } from "../local.ts";
import { chartsOf, keepAway } from "./charts.ts";
import { mayBePutAway } from "./may-be-put-away.ts";
import { refusedJustNow, refusedWithin } from "./no-room.ts";

/** Milliseconds between looks at how much room is left. */
const LOOK_EVERY = 2 * 60_000;
/** A chart needs more on the disk than its text. */
const OVERHEAD = 2;

/** Milliseconds after a refused write for which nothing that was put away is fetched. */
const REFUSED_LATELY = 6 * 3_600_000;

/** What the browser says of its storage. */
export type BrowserStorage = Pick<StorageManager, "estimate" | "persisted" | "persist">;

/** The rows as they are now; lists are read only while somebody listens. */
function rowsNow<N extends CollectionName>(local: Local, name: N, filter: RowFilter<RowOf<N>>) {
  const value = local.rows(name, filter);
  const end = value.subscribe(() => {});
  const { rows } = value.get();
  end();
  return rows;
}

function unneeded(local: Local): readonly string[] {
  const { held, opened, away } = chartsOf(local);
  if (held.length + away.length === 0) return [];
  return mayBePutAway({
    now: now(),
    charts: [...new Set([...away, ...held])],
    opened,
    visits: rowsNow(local, "appointment", {}),
    drafts: rowsNow(local, "note", { where: { status: "draft" } }).map(({ patientId }) => patientId),
    waiting: local.outbox.get().flatMap(({ patientId }) => patientId ?? []),
    links: local.mergeLinks.get(),
  });
}

/** Which charts should not be here, with so much room. What was put away comes back when it surely fits. */
function chartsAway(local: Local, room: Room): readonly string[] {
  const { away, bytes } = chartsOf(local);
  if (shareUsed(room) >= storageMarks.shed) return unneeded(local);
  if (away.length === 0) return [];
  const back = { ...room, used: room.used + bytes * OVERHEAD };
  if (shareUsed(back) < storageMarks.warn && !refusedWithin(local, REFUSED_LATELY)) return [];
  const still = new Set(unneeded(local));
  return away.filter((id) => still.has(id));
}

/** Looks once: what is shown, and which charts may stay. */
export async function lookAtStorage(local: Local, storage: BrowserStorage): Promise<void> {
  const { usage: used = 0, quota = 0 } = await storage.estimate();
  const persisted = await storage.persisted();
  if (local.session.get().state !== "unlocked") return;
  const room = { used, quota, refused: refusedJustNow(local) };
  await keepAway(local, chartsAway(local, room));
  local.storage.set({
    ...room,
    persisted,
    away: chartsOf(local).away.length,
    left: local.replica()?.left ?? 0,
  });
}

/**
 * Keeps an eye on the room while somebody works. The browser is asked to keep everything once there is something to keep:
 * asked on the sign-in page, some would put the question to a person who has nothing to lose there yet.
 */
export function watchStorage(local: Local, storage: BrowserStorage): () => void {
  let asked = false;
  const look = async () => {
    if (local.session.get().state !== "unlocked") {
      asked = false;
      return;
    }
    if (!asked) {
      asked = true;
      if (!(await storage.persisted())) await storage.persist();
    }
    await lookAtStorage(local, storage);
  };
  const lookNow = () => void look().catch((error: unknown) => console.warn("no look at the storage", error));
  let state = "";
  const stop = local.session.subscribe(() => {
    const next = local.session.get().state;
    if (next !== state && next === "unlocked") lookNow();
    state = next;
  });
  const stopRefusals = local.noRoom.subscribe(lookNow);
  const end = every(LOOK_EVERY, lookNow);
  lookNow();
  return () => {
    stop();
    stopRefusals();
    end();
  };
}
