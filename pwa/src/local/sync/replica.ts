import { patientOfStream, streams as streamNames } from "#domain/access/scope.ts";
import { after, now } from "#domain/kernel/clock.ts";
import type { Mismatch, PullRequest, PullResult } from "#domain/sync/protocol.ts";
import type { Keyring } from "../keys/keyring.ts";
import { LocalError } from "../local-error.ts";
import { ReadModel } from "../read/read-model.ts";
import { type AppliedPage, preparePage, sealResult, writePage } from "../store/apply-page.ts";
import { type LocalDatabase, withReconnect } from "../store/database.ts";
import { hotRows, loadHot, sealHot } from "../store/hot-block.ts";
import { loadRows, removeStream } from "../store/rows.ts";
import {
  bytesStillAway,
  type CursorState,
  firstCursor,
  type HeldStream,
  loadSyncState,
  sealCursor,
} from "../store/sync-state.ts";
import { createValue, type WritableValue } from "../value.ts";
import { digestsByKey, emptyDigest } from "./digests.ts";
import { Unpublished } from "./unpublished.ts";

const order = [streamNames.directory, streamNames.schedule, streamNames.demographics] as readonly string[];
const rank = ({ stream }: HeldStream) => (order.indexOf(stream) + order.length + 1) % (order.length + 1);

/** Today's list, who they are, and the safety cards; no chart. */
const forEmergency = [...order, streamNames.safety];
const isForEmergency = ({ stream }: HeldStream) => forEmergency.includes(stream);

/** Milliseconds from an unlock, or from a join over several pages, until the copies are compared; and between two times. */
const VERIFY_SOON = 20_000;
const VERIFY_EVERY = 10 * 60_000;

/** Milliseconds after the unlock at which the indexed layer is loaded: the first screen comes first. */
const ATTACH_AFTER = 1500;

/**
 * How far this device's copy can be believed when it has no row: `reading` what lies on the disk, `awaiting` what the
 * clinic has not told yet, or `whole`.
 */
export type ReplicaStage = "reading" | "awaiting" | "whole";

/**
 * This device's copy of what the person may see: sealed on disk, open in the read model. Pages are stored as they come
 * and published when the last one is there, so that nobody sees half of a change.
 */
export class Replica {
  readonly #database: LocalDatabase;
  readonly #keyring: Keyring;
  readonly #clientId: string;
  readonly model: ReadModel;
  /** `emergency`: only what C23 opens is in the model, and nothing is fetched into it. */
  readonly reading: "all" | "emergency";
  /** Charts stand apart: each says for itself whether it is here ({@link Replica.presence}). */
  /** How many charts stay at the clinic because a device keeps only so many records. */
  left = 0;
  readonly stage: WritableValue<ReplicaStage> = createValue<ReplicaStage>("reading");
  readonly streams: WritableValue<readonly HeldStream[]> = createValue<readonly HeldStream[]>([]);
  #cursor: CursorState = firstCursor;
  readonly #unpublished = new Unpublished();
  /** Nothing was shown yet: streams are shown one by one as they are complete. */
  #firstSync = false;
  /** Charts that may not be on this device any more are gone from it. */
  onForbidden: (patientIds: readonly string[]) => Promise<void> = async () => {};
  #cancelAttach = () => {};
  #loading: Promise<void> = Promise.resolve();
  #verifyAt = now() + VERIFY_SOON;
  /** What the clinic has to hear of: copies that were not what its digest said. */
  #mismatches: readonly Mismatch[] = [];
  /** Fetched anew since the last comparison of everything: once is enough to mend a copy, more would never end. */
  #refetched = new Set<string>();
  /** A damaged stream was dropped: the clinic has to list it again. */
  #dropped = false;
  /** Streams whose rows from an earlier, interrupted join lie on disk and not yet in the model. */
  #onDiskOnly = new Set<string>();

  private constructor(
    database: LocalDatabase,
    keyring: Keyring,
    clientId: string,
    model: ReadModel,
    reading: Replica["reading"],
  ) {
    this.reading = reading;
    this.#database = database;
    this.#keyring = keyring;
    this.#clientId = clientId;
    this.model = model;
  }

  /** Opens with Today's rows in the model; {@link Replica.load} brings the rest. */
  static async open(
    database: LocalDatabase,
    keyring: Keyring,
    clientId: string,
    reading: Replica["reading"] = "all",
  ): Promise<Replica> {
    const model = new ReadModel();
    const [state, hot] = await Promise.all([
      withReconnect(database, () => loadSyncState(database, keyring)),
      loadHot(database, keyring),
    ]);
    const replica = new Replica(database, keyring, clientId, model, reading);
    const streams = reading === "all" ? state.streams : state.streams.filter(isForEmergency);
    for (const kid of state.lost) {
      replica.#dropped = true;
      await removeStream(database, kid);
    }
    replica.#cursor = state.cursor;
    replica.streams.set(streams.toSorted((a, b) => rank(a) - rank(b)));
    const kids = new Set(streams.filter(({ complete }) => complete).map(({ kid }) => kid));
    await model.applyBatch({ puts: hot.filter(({ kid }) => kids.has(kid)) });
    replica.#cancelAttach = after(ATTACH_AFTER, () => {
      model.attach().catch((error: unknown) => console.warn("the reactive layer could not be loaded", error));
    });
    return replica;
  }

  get cursor(): CursorState {
    return this.#cursor;
  }

  load(): Promise<void> {
    this.#loading = this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    const complete = this.streams.get().filter((held) => held.complete);
    for (const { kid, complete: whole } of this.streams.get()) if (!whole) this.#onDiskOnly.add(kid);
    for (const held of complete)
      try {
        await held.key(); // also of one without rows, before there are any
        for await (const rows of loadRows(this.#database, [held]))
          await this.model.applyBatch({ puts: rows });
      } catch (error) {
        if (!(error instanceof LocalError && error.code === "damaged")) throw error;
        // No part of a stream may pass for the whole, and the clinic has it all: it is fetched anew.
        this.#dropped = true;
        await this.#drop(new Set([held.kid]));
      }
    this.stage.set(this.#isWhole() ? "whole" : "awaiting");
  }

  #isWhole(): boolean {
    const told = this.#cursor.epoch !== null && !this.#dropped;
    return told && this.streams.get().every((held) => held.complete || patientOfStream(held.stream) !== null);
  }

  /** Streams go from the disk, each key first, and from memory. */
  async #drop(kids: ReadonlySet<string>): Promise<void> {
    for (const kid of kids) await removeStream(this.#database, kid);
    this.streams.update((streams) => streams.filter(({ kid }) => !kids.has(kid)));
    this.#unpublished.drop(kids);
    await this.model.purge(kids);
  }

  /** Where this device stands, as a pull says it; with `after`, where it will stand once that page is stored. */
  position(after: AppliedPage | null = null): Omit<PullRequest, "clientId" | "limit"> {
    const { cursor, epoch, scopeHash } = after?.cursor ?? this.#cursor;
    return {
      epoch,
      cursor,
      scopeHash,
      // A stream of which nothing has come yet is not held: null would say that it is complete.
      held: (after?.streams ?? this.streams.get())
        .filter(({ complete, after: last }) => complete || last !== null)
        .map(({ stream, generation, after: last }) => [stream, generation, last]),
      want: [...this.#cursor.want],
      putAway: [...this.#cursor.putAway],
      verify: now() >= this.#verifyAt,
      mismatches: [...this.#mismatches],
    };
  }

  /** Whether a copy was dropped and has to be asked for again. */
  get incomplete(): boolean {
    return this.#mismatches.length > 0;
  }

  /** Works out what a page changes; nothing of it is stored yet. */
  prepare(page: PullResult): Promise<AppliedPage> {
    return preparePage(this.#keyring, { cursor: this.#cursor, streams: this.streams.get() }, page);
  }

  /**
   * Stores a prepared page durably, then shows what may be shown.
   * @param onStored hears which entries have left the queue as soon as they are gone from the disk, whatever fails after that
   */
  async apply(
    page: PullResult,
    applied: AppliedPage,
    at: string,
    onStored: (settled: readonly number[]) => void,
  ): Promise<void> {
    const keyring = this.#keyring;
    if (this.#cursor.cursor === 0) this.#firstSync = true;
    const results = await Promise.all(page.results.map((one) => sealResult(keyring, this.#clientId, one)));
    const settled = await withReconnect(this.#database, () =>
      writePage(this.#database, keyring, applied, { clientId: this.#clientId, results, at }),
    );
    onStored(settled);
    const before = this.streams.get();
    const { want, putAway, bytesPutAway } = this.#cursor;
    this.#cursor = { ...applied.cursor, want, putAway, bytesPutAway };
    this.left = page.scope.left ?? 0;
    this.streams.set(applied.streams);
    this.#mismatches = [];
    this.#dropped = false;
    await this.#collect(applied, before, settled);
    if (page.more) {
      this.#verifyAt = Math.min(this.#verifyAt, now() + VERIFY_SOON);
      if (this.#firstSync) await this.#publishComplete();
    } else await this.#publishAll();
    const shown = !page.more || this.#firstSync;
    if (shown && this.stage.get() === "awaiting" && this.#isWhole()) this.stage.set("whole");
    if (!page.more) await this.#verify(page.digests);
  }

  /** Compares what is held with what the clinic has. A copy that differs goes, its key first, and is fetched anew. */
  async #verify(digests: PullResult["digests"]): Promise<void> {
    const compared = this.streams
      .get()
      .filter(({ stream, complete }) => complete && digests[stream] && !this.#refetched.has(stream));
    if (now() >= this.#verifyAt) {
      this.#verifyAt = now() + VERIFY_EVERY;
      this.#refetched.clear();
    }
    if (compared.length === 0) return;
    const found = await digestsByKey(this.model.allConfirmed(), new Set(compared.map(({ kid }) => kid)));
    const wrong = compared.flatMap(({ kid, stream, generation }) => {
      const held = found.get(kid) ?? emptyDigest;
      const expected = digests[stream]!;
      const same = held.count === expected.count && held.xor === expected.xor;
      return same ? [] : [{ kid, mismatch: { stream, generation, held, expected } }];
    });
    if (wrong.length === 0) return;
    const kids = new Set(wrong.map(({ kid }) => kid));
    this.#dropped = true;
    await this.#drop(kids);
    this.#mismatches = wrong.map(({ mismatch }) => mismatch);
    for (const { stream } of this.#mismatches) this.#refetched.add(stream);
  }

  async #collect(applied: AppliedPage, before: readonly HeldStream[], settled: readonly number[]) {
    this.#unpublished.add(applied, settled);
    const listed = new Set(applied.streams.map(({ stream }) => stream));
    const left = before.filter(({ kid }) => applied.purged.includes(kid));
    // What the person may no longer see goes now; a stream that only starts anew is swapped when it is complete.
    const forbidden = new Set(left.filter(({ stream }) => !listed.has(stream)).map(({ kid }) => kid));
    this.#unpublished.purgeLater(left.filter(({ kid }) => !forbidden.has(kid)).map(({ kid }) => kid));
    this.#unpublished.drop(new Set(applied.purged));
    if (forbidden.size === 0) return;
    await this.model.purge(forbidden);
    const patients = left
      .filter(({ kid }) => forbidden.has(kid))
      .map(({ stream }) => patientOfStream(stream));
    await this.onForbidden(patients.filter((id) => id !== null));
  }

  async #publishComplete(): Promise<void> {
    const complete = new Set(this.streams.get().flatMap((held) => (held.complete ? [held.kid] : [])));
    await this.#loadLateStreams();
    await this.model.applyBatch(this.#unpublished.rows(complete));
    this.#unpublished.drop(complete);
  }

  async #publishAll(): Promise<void> {
    const { puts, removes } = this.#unpublished.rows();
    const { settled, purged } = this.#unpublished;
    await this.#loadLateStreams();
    await this.model.applyBatch({ puts, removes, settled });
    if (purged.size > 0) await this.model.purge(purged);
    this.#unpublished.clear();
    this.#firstSync = false;
    if (puts.length + removes.length + purged.size === 0) return;
    const hot = await sealHot(this.#keyring, hotRows(this.model.allConfirmed(), now()));
    await withReconnect(this.#database, () => this.#database.hot.put(hot));
  }

  async #loadLateStreams(): Promise<void> {
    const late = this.streams.get().filter((held) => held.complete && this.#onDiskOnly.has(held.kid));
    for await (const rows of loadRows(this.#database, late)) await this.model.applyBatch({ puts: rows });
    for (const { kid } of late) this.#onDiskOnly.delete(kid);
  }

  /** Remembers that the person opened a chart, the last one at the end. Returns false when it was wanted already. */
  async want(patientId: string): Promise<boolean> {
    const stream = streamNames.chart(patientId);
    const { want } = this.#cursor;
    if (want.at(-1) === stream) return false;
    const others = want.filter((one) => one !== stream);
    const putAway = this.#cursor.putAway.filter((one) => one !== stream);
    await this.remember({
      want: [...others, stream].slice(-200),
      putAway,
      bytesPutAway: bytesStillAway(this.#cursor, putAway),
    });
    this.streams.update((streams) => [...streams]); // whoever shows the chart's presence looks again
    return others.length === want.length;
  }

  /** Changes what is remembered beside the position. What is put away goes with {@link Replica.tidy}. */
  async remember(change: Partial<Pick<CursorState, "want" | "putAway" | "bytesPutAway">>): Promise<void> {
    this.#cursor = { ...this.#cursor, ...change };
    const record = await sealCursor(this.#keyring, this.#cursor);
    await withReconnect(this.#database, () => this.#database.cursors.put(record));
  }

  /**
   * Before anything is asked of the clinic: what is read from the disk is read, and what was put away goes. The answer to a
   * page that is on its way would name streams that went meanwhile.
   */
  async tidy(): Promise<void> {
    await this.#loading.catch(() => {}); // told to whoever began it
    const { putAway } = this.#cursor;
    const gone = this.streams.get().filter(({ stream }) => putAway.includes(stream));
    if (gone.length > 0) await this.#drop(new Set(gone.map(({ kid }) => kid)));
  }

  /** Drops everything pulled, on disk and in memory, and starts from zero; what was wanted stays wanted. */
  async restart(): Promise<void> {
    const { forgetRows } = await import("../store/give-back.ts");
    const kids = new Set(this.streams.get().map(({ kid }) => kid));
    const { want, putAway, bytesPutAway } = this.#cursor;
    this.#cursor = { ...firstCursor, want, putAway, bytesPutAway };
    await withReconnect(this.#database, () => forgetRows(this.#database, this.#keyring, this.#cursor));
    this.streams.set([]);
    this.#unpublished.clear();
    this.#onDiskOnly.clear();
    if (this.stage.get() === "whole") this.stage.set("awaiting");
    await this.model.purge(kids);
  }

  presence(patientId: string): "complete" | "joining" | "wanted" | "absent" {
    const stream = streamNames.chart(patientId);
    const held = this.streams.get().find((one) => one.stream === stream);
    if (held) return held.complete ? "complete" : "joining";
    return this.#cursor.want.includes(streamNames.chart(patientId)) ? "wanted" : "absent";
  }

  close(): Promise<void> {
    this.#cancelAttach();
    return this.model.close();
  }
}
