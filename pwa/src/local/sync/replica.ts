import { patientOfStream, streams as streamNames } from "#domain/access/scope.ts";
import { after, now } from "#domain/kernel/clock.ts";
import type { PullResult } from "#domain/sync/protocol.ts";
import type { Keyring } from "../keys/keyring.ts";
import { LocalError } from "../local-error.ts";
import { ReadModel } from "../read/read-model.ts";
import { type AppliedPage, forgetRows, preparePage, sealResult, writePage } from "../store/apply-page.ts";
import { type LocalDatabase, withReconnect } from "../store/database.ts";
import { hotRows, loadHot, sealHot } from "../store/hot-block.ts";
import { type ConfirmedRow, loadRows } from "../store/rows.ts";
import {
  type CursorState,
  firstCursor,
  type HeldStream,
  loadSyncState,
  sealCursor,
} from "../store/sync-state.ts";
import { createValue, type WritableValue } from "../value.ts";

const order = [streamNames.directory, streamNames.schedule, streamNames.demographics] as readonly string[];
const rank = ({ stream }: HeldStream) => (order.indexOf(stream) + order.length + 1) % (order.length + 1);

/** Milliseconds after the unlock at which the indexed layer is loaded: the first screen comes first. */
const ATTACH_AFTER = 1500;

interface Unpublished {
  puts: ConfirmedRow[];
  removes: AppliedPage["removes"][number][];
  purged: string[];
  settled: number[];
}
const nothing = (): Unpublished => ({ puts: [], removes: [], purged: [], settled: [] });

/**
 * This device's copy of what the person may see: sealed on disk, open in the read model. Pages are stored as they come
 * and published when the last one is there, so that nobody sees half of a change.
 */
export class Replica {
  readonly #database: LocalDatabase;
  readonly #keyring: Keyring;
  readonly #clientId: string;
  readonly model: ReadModel;
  /** True once every stored row is in the model. */
  readonly ready: WritableValue<boolean> = createValue(false);
  readonly streams: WritableValue<readonly HeldStream[]> = createValue<readonly HeldStream[]>([]);
  #cursor: CursorState = firstCursor;
  #unpublished = nothing();
  /** Nothing was shown yet: streams are shown one by one as they are complete. */
  #firstSync = false;
  #cancelAttach = () => {};
  /** Streams whose rows from an earlier, interrupted join lie on disk and not yet in the model. */
  #onDiskOnly = new Set<string>();

  private constructor(database: LocalDatabase, keyring: Keyring, clientId: string, model: ReadModel) {
    this.#database = database;
    this.#keyring = keyring;
    this.#clientId = clientId;
    this.model = model;
  }

  /** Opens with Today's rows in the model; {@link Replica.load} brings the rest. */
  static async open(database: LocalDatabase, keyring: Keyring, clientId: string): Promise<Replica> {
    const model = new ReadModel();
    const [state, hot] = await Promise.all([
      withReconnect(database, () => loadSyncState(database, keyring)),
      loadHot(database, keyring),
    ]);
    const replica = new Replica(database, keyring, clientId, model);
    for (const kid of state.lost) await replica.#dropStream(kid);
    replica.#cursor = state.cursor;
    replica.streams.set(state.streams.toSorted((a, b) => rank(a) - rank(b)));
    const kids = new Set(state.streams.filter(({ complete }) => complete).map(({ kid }) => kid));
    await model.applyBatch({ puts: hot.filter(({ kid }) => kids.has(kid)) });
    replica.#cancelAttach = after(ATTACH_AFTER, () => {
      model.attach().catch((error: unknown) => console.warn("the reactive layer could not be loaded", error));
    });
    return replica;
  }

  get cursor(): CursorState {
    return this.#cursor;
  }

  async load(): Promise<void> {
    const complete = this.streams.get().filter((held) => held.complete);
    for (const { kid, complete: whole } of this.streams.get()) if (!whole) this.#onDiskOnly.add(kid);
    for (const held of complete)
      try {
        for await (const rows of loadRows(this.#database, [held]))
          await this.model.applyBatch({ puts: rows });
      } catch (error) {
        if (!(error instanceof LocalError && error.code === "damaged")) throw error;
        // No part of a stream may pass for the whole, and the clinic has it all.
        await this.#dropStream(held.kid);
        this.streams.update((streams) => streams.filter(({ kid }) => kid !== held.kid));
        await this.model.purge(new Set([held.kid]));
      }
    this.ready.set(true);
  }

  /** A stream of which something was damaged on the disk goes, its key first, and is fetched anew. */
  async #dropStream(kid: string): Promise<void> {
    const { streams, rows } = this.#database;
    await withReconnect(this.#database, () => streams.delete(kid));
    await withReconnect(this.#database, () => rows.where("kid").equals(kid).delete());
  }

  /** Stores one page durably, then shows what may be shown. Returns the outbox numbers that are settled. */
  async apply(page: PullResult, at: string): Promise<readonly number[]> {
    const keyring = this.#keyring;
    if (this.#cursor.cursor === 0) this.#firstSync = true;
    const applied = await preparePage(keyring, { cursor: this.#cursor, streams: this.streams.get() }, page);
    const results = await Promise.all(page.results.map((one) => sealResult(keyring, this.#clientId, one)));
    const settled = await withReconnect(this.#database, () =>
      writePage(this.#database, keyring, applied, { clientId: this.#clientId, results, at }),
    );
    const before = this.streams.get();
    this.#cursor = { ...applied.cursor, want: this.#cursor.want };
    this.streams.set(applied.streams);
    await this.#collect(applied, before, settled);
    if (!page.more) await this.#publishAll();
    else if (this.#firstSync) await this.#publishComplete();
    return settled;
  }

  async #collect(applied: AppliedPage, before: readonly HeldStream[], settled: readonly number[]) {
    const waiting = this.#unpublished;
    waiting.puts.push(...applied.puts);
    waiting.removes.push(...applied.removes);
    waiting.settled.push(...settled);
    const listed = new Set(applied.streams.map(({ stream }) => stream));
    const left = before.filter(({ kid }) => applied.purged.includes(kid));
    // What the person may no longer see goes now; a stream that only starts anew is swapped when it is complete.
    const forbidden = new Set(left.filter(({ stream }) => !listed.has(stream)).map(({ kid }) => kid));
    waiting.purged.push(...left.filter(({ kid }) => !forbidden.has(kid)).map(({ kid }) => kid));
    waiting.puts = waiting.puts.filter(({ kid }) => !applied.purged.includes(kid));
    if (forbidden.size > 0) await this.model.purge(forbidden);
  }

  async #publishComplete(): Promise<void> {
    const complete = new Set(this.streams.get().flatMap((held) => (held.complete ? [held.kid] : [])));
    const shown = this.#unpublished.puts.filter(({ kid }) => complete.has(kid));
    this.#unpublished.puts = this.#unpublished.puts.filter(({ kid }) => !complete.has(kid));
    await this.#loadLateStreams();
    await this.model.applyBatch({ puts: shown });
  }

  async #publishAll(): Promise<void> {
    const { puts, removes, purged, settled } = this.#unpublished;
    this.#unpublished = nothing();
    this.#firstSync = false;
    await this.#loadLateStreams();
    await this.model.applyBatch({ puts, removes, settled });
    if (purged.length > 0) await this.model.purge(new Set(purged));
    if (puts.length + removes.length + purged.length === 0) return;
    const hot = await sealHot(this.#keyring, hotRows(this.model.allConfirmed(), now()));
    await withReconnect(this.#database, () => this.#database.hot.put(hot));
  }

  async #loadLateStreams(): Promise<void> {
    const late = this.streams.get().filter((held) => held.complete && this.#onDiskOnly.has(held.kid));
    for await (const rows of loadRows(this.#database, late)) await this.model.applyBatch({ puts: rows });
    for (const { kid } of late) this.#onDiskOnly.delete(kid);
  }

  /** Remembers that the person opened a chart. Returns false when it was wanted already. */
  async want(patientId: string): Promise<boolean> {
    const stream = streamNames.chart(patientId);
    if (this.#cursor.want.includes(stream)) return false;
    this.#cursor = { ...this.#cursor, want: [...this.#cursor.want, stream].slice(-200) };
    const record = await sealCursor(this.#keyring, this.#cursor);
    await withReconnect(this.#database, () => this.#database.cursors.put(record));
    this.streams.update((streams) => [...streams]); // whoever shows the chart's presence looks again
    return true;
  }

  /** Drops everything pulled, on disk and in memory, and starts from zero; what was wanted stays wanted. */
  async restart(): Promise<void> {
    const kids = new Set(this.streams.get().map(({ kid }) => kid));
    this.#cursor = { ...firstCursor, want: this.#cursor.want };
    await withReconnect(this.#database, () => forgetRows(this.#database, this.#keyring, this.#cursor));
    this.streams.set([]);
    this.#unpublished = nothing();
    this.#onDiskOnly.clear();
    await this.model.purge(kids);
  }

  presence(patientId: string): "complete" | "joining" | "wanted" | "absent" {
    const held = this.streams.get().find(({ stream }) => patientOfStream(stream) === patientId);
    if (held) return held.complete ? "complete" : "joining";
    return this.#cursor.want.includes(streamNames.chart(patientId)) ? "wanted" : "absent";
  }

  close(): Promise<void> {
    this.#cancelAttach();
    return this.model.close();
  }
}
