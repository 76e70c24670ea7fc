import { instantNow } from "#domain/kernel/clock.ts";
import { type KnownClients, knownClientsSchema } from "#domain/sync/protocol.ts";
import { changeRecord } from "../recording/archive.ts";
import { readChunks } from "../recording/chunks.ts";
import { ApiError } from "../session/api-error.ts";
import type { LocalLayer } from "./create-local.ts";
import { type DeviceIdentity, deviceProof, newDeviceIdentity } from "./keys/device-identity.ts";
import type { ToDeliver } from "./local.ts";
import { browserMark } from "./storage/store-mark.ts";
import { type LocalDatabase, withReconnect } from "./store/database.ts";
import { type LocalPart, partWaits, type RecordingRecord } from "./store/recording-records.ts";
import { deliver } from "./sync/push.ts";

/** Milliseconds between looks at what is still on its way. */
const LOOK_AGAIN = 5000;
const NOTHING_TO_DO = 60_000;

/**
 * The rest of a wipe, after the keys are gone (`destroyKeys`): deletes what nobody can open, tells the clinic, delivers what
 * was sealed to it, and then becomes another device. Every step may be the last before the power goes; the next start begins
 * here again, and what was done before is found done.
 */
export class Wiping {
  readonly #layer: LocalLayer;
  /** What the clinic was last told that is still to come. */
  #told: number | null = null;

  constructor(layer: LocalLayer) {
    this.#layer = layer;
  }

  /** @returns milliseconds until it should go on. @throws {LocalError} offline · {ApiError} refused */
  async goOn(): Promise<number> {
    const { options, control, outbox, api, skew } = this.#layer;
    const { database, origin } = options;
    const { device } = control;
    if (!device.wipe || device.wipe.done) return NOTHING_TO_DO;
    await deleteReadable(database);
    await this.#confirm(await this.#count());
    const waiting = await outbox.undelivered();
    const answers =
      waiting.length > 0
        ? await deliver({ api, database, device, origin, skew }, waiting, {
            onAnswers: (clientId, results) =>
              forget(
                database,
                results.filter(({ status }) => status !== "held").map(({ n }) => [clientId, n]),
              ),
            onBehind: async (known) => (await import("./store/give-back.ts")).requeueAll(database, [known]),
          })
        : 0;
    const left = await this.#count();
    if (left > 0) {
      void this.#layer.sendSound().catch(() => {});
      return answers > 0 ? 0 : LOOK_AGAIN;
    }
    await this.#confirm(0);
    const fresh = await becomeAnother(database, device);
    if (fresh) {
      browserMark.write(null); // all that waited was delivered: nothing was lost with the device that it was
      control.becomes(fresh);
    }
    return fresh ? NOTHING_TO_DO : 0;
  }

  async #count(): Promise<number> {
    const { outbox, options, toDeliver } = this.#layer;
    const left: ToDeliver = {
      changes: (await outbox.undelivered()).length,
      recordings: (await options.database.recordings.toArray()).filter(stillWaits).length,
    };
    toDeliver.set(left);
    return left.changes + left.recordings;
  }

  /**
   * Says how much is left, and hears what the clinic has. One that knows nothing of the wipe, because it went back to a
   * backup, holds up nothing.
   */
  async #confirm(left: number): Promise<void> {
    if (this.#told === left) return;
    const { options, control, api, skew } = this.#layer;
    const { database, origin } = options;
    const [outbox, sent] = [database.outbox.toCollection(), database.sent.toCollection()];
    const entry = (await outbox.first()) ?? (await sent.first());
    const practiceId = control.device.wipe?.practice ?? entry?.practice;
    if (practiceId) {
      const path = "/api/devices/wiped";
      const proof = await deviceProof(control.device, {
        practiceId,
        method: "POST",
        url: `${origin}${path}`,
        skew,
      });
      const said = { method: "POST", body: { left }, authorization: `Device ${proof}` } as const;
      const { clients } = await api
        .request(path, { ...said, answer: knownClientsSchema })
        .catch((error: unknown): { clients: KnownClients } => {
          if (!(error instanceof ApiError && error.code === "not_found")) throw error;
          return { clients: [] };
        });
      await dropSent(database, clients);
    }
    this.#told = left;
  }
}

const stillWaits = ({ parts }: RecordingRecord): boolean => parts.some(partWaits);

const forget = (database: LocalDatabase, keys: [string, number][]): Promise<void> =>
  database.transaction("rw", [database.outbox, database.results], async () => {
    await database.outbox.bulkDelete(keys);
    await database.results.bulkDelete(keys);
  });

/**
 * Rows, positions and whatever the clinic has just answered. A refusal, or an answer that was not final, is no reason to
 * delete the words: those are delivered once more. What was sent before stays, sealed to the clinic, until that says that it
 * has not lost it ({@link dropSent}).
 */
async function deleteReadable(database: LocalDatabase): Promise<void> {
  const { users, streams, rows, cursors, hot, kept, sent, outbox, results } = database;
  const tables = [users, streams, rows, cursors, hot, kept, sent, outbox, results];
  await withReconnect(database, () =>
    database.transaction("rw", tables, async () => {
      // A cycle or a first PIN that was under way may have written after the keys were destroyed.
      for (const table of [users, streams, hot, kept, cursors, rows]) await table.clear();
      const safe = (await results.toArray())
        .filter(({ status }) => status === "applied" || status === "quarantined")
        .map(({ clientId, n }): [string, number] => [clientId, n]);
      const sentAt = instantNow();
      for (const entry of await outbox.bulkGet(safe)) if (entry) await sent.put({ ...entry, sentAt });
      await outbox.bulkDelete(safe);
      await results.clear();
    }),
  );
  for (const record of await database.recordings.toArray()) await keepSealed(database, record);
}

const nothing = { iv: new Uint8Array(0), ct: new Uint8Array(0) };

/**
 * Sound stays as it is sealed to the clinic, without what only its author's keys opened. A part may arrive meanwhile, and is
 * not to be sent again.
 */
async function keepSealed(database: LocalDatabase, { id, parts }: RecordingRecord): Promise<void> {
  const open = parts.filter(({ done }) => done === null);
  const ends = new Map(
    await Promise.all(open.map(async (part) => [part.part, await endOf(database, id, part)] as const)),
  );
  await changeRecord(database, id, (now) => ({
    ...now,
    parts: now.parts.map((part) => ({ ...part, done: part.done ?? ends.get(part.part) ?? null })),
    visit: nothing,
    keyLocal: nothing,
  }));
}

/**
 * What the clinic has already goes. One that went back to a backup says up to where it knows this device's work: it gets the
 * rest once more, and the sound.
 */
async function dropSent(database: LocalDatabase, known: KnownClients): Promise<void> {
  if (known.length > 0) {
    const { requeueAll, sendSoundAgain } = await import("./store/give-back.ts");
    if (!(await requeueAll(database, known))) await sendSoundAgain(database);
    // Also where all that the clinic lacks before it is older than what is kept: it then goes on behind that.
    await database.outbox.toCollection().modify({ again: true });
  }
  await withReconnect(database, () => database.sent.clear());
  for (const record of await database.recordings.toArray()) await dropUploaded(database, record);
}

async function dropUploaded(database: LocalDatabase, { id, parts }: RecordingRecord): Promise<void> {
  const kept = new Set(parts.filter(partWaits).map(({ part }) => part));
  await database.transaction("rw", [database.recordings, database.chunks], async () => {
    await database.chunks
      .where("[recording+part+chunk]")
      .between([id, 0, 0], [id, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])
      .filter(({ part }) => !kept.has(part))
      .delete();
    if (kept.size === 0) await database.recordings.delete(id);
  });
}

/** A part that a crash left open can only be sent as far as it came: nobody can finish it here any more. */
async function endOf(database: LocalDatabase, recordingId: string, part: LocalPart) {
  const chunks = await readChunks(database, recordingId, part.part);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const { part: number, mime, startOffset } = part;
  return { part: number, mime, startOffset, bytes, seconds: chunks.at(-1)?.until ?? 0, sha256: "" };
}

/** Nothing of the device that was wiped is left. @returns null when something is still to be delivered after all */
async function becomeAnother(
  database: LocalDatabase,
  before: DeviceIdentity,
): Promise<DeviceIdentity | null> {
  const at = before.wipe?.at ?? "";
  const fresh = { ...(await newDeviceIdentity(before.name)), wipe: { at, practice: null, done: true } };
  return database.transaction("rw", database.tables, async () => {
    const sound = (await database.recordings.toArray()).some(stillWaits);
    if (sound || (await database.outbox.count()) > 0) return null;
    for (const table of database.tables) await table.clear();
    await database.device.put(fresh);
    return fresh;
  });
}
