import type { LocalCollection } from "#domain/collection.ts";
import {
  type CollectionName,
  collectionNames,
  collections,
  isCollectionName,
  type RowOf,
} from "#domain/registry.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { RowFilter } from "../local.ts";
import type { ConfirmedRow } from "../store/rows.ts";
import type { LocalDocument } from "./collections.ts";
import type { RxRows } from "./rx-rows.ts";
import { replay, rowKey, rowKeyOf } from "./view.ts";
import { isDirect, type View, Views } from "./views.ts";

/** What changed, in one go: screens never see half of it. */
export interface Batch {
  readonly puts?: readonly ConfirmedRow[];
  readonly removes?: readonly Pick<ConfirmedRow, "collection" | "id" | "kid">[];
  /** Entries that joined the queue, and numbers of those that left it (settled or refused). */
  readonly pending?: readonly PushedMutation[];
  readonly settled?: readonly number[];
}

/** A list on a screen. `end` stops what feeds it. */
interface Watcher {
  /** Whether the maps find its rows without looking at others: what names ids, or one person. */
  readonly direct: boolean;
  readonly name: CollectionName;
  readonly local: LocalCollection;
  readonly filter: RowFilter<never>;
  readonly show: (rows: readonly never[]) => void;
  end: () => void;
}

const openRxRows = async (): Promise<RxRows> => (await import("./rx-rows.ts")).RxRows.open();

/**
 * The decrypted rows of the unlocked session: reactive, in memory only, written by nobody but the sync engine and the
 * outbox. The view of a record is the confirmed row with the waiting changes replayed.
 *
 * It answers at once from plain maps; {@link ReadModel.attach} then loads the indexed reactive layer, which takes over the
 * lists that look through a whole collection, so that the first screen does not wait for its code.
 */
export class ReadModel {
  readonly #open: () => Promise<RxRows>;
  #reactive: RxRows | null = null;
  #attaching: Promise<void> | null = null;
  readonly #watchers = new Set<Watcher>();
  readonly #confirmed = new Map<string, ConfirmedRow>();
  /** In how many collections the clinic confirmed a record with this id. */
  readonly #known = new Map<string, number>();
  /** Waiting changes of each record, in their order. */
  readonly #pending = new Map<string, PushedMutation[]>();
  readonly #keyOf = new Map<number, string>();
  readonly #views = new Views();
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(open: () => Promise<RxRows> = openRxRows) {
    this.#open = open;
  }

  /** Loads the reactive layer and hands the lists to it that need it. Safe to call twice. */
  attach(): Promise<void> {
    this.#attaching ??= this.#open()
      .then(async (reactive) => {
        await this.#inLine(() => this.#adopt(reactive));
        if (this.#reactive !== reactive) await reactive.close();
      })
      .catch((error: unknown) => {
        // Its code could not be fetched: the maps go on answering, the next unlock tries again.
        this.#attaching = null;
        throw error;
      });
    return this.#attaching;
  }

  /** Version of the confirmed row: what a new change was based on. Null when the clinic has none. */
  version(collection: string, id: string): number | null {
    return this.#confirmed.get(rowKey(collection, id))?.version ?? null;
  }

  confirmed(collection: string, id: string): ConfirmedRow | undefined {
    return this.#confirmed.get(rowKey(collection, id));
  }

  allConfirmed(): Iterable<ConfirmedRow> {
    return this.#confirmed.values();
  }

  /** Whether the clinic confirmed a record with this id, of whatever collection. */
  knows(id: string): boolean {
    return this.#known.has(id);
  }

  applyBatch(batch: Batch): Promise<void> {
    return this.#inLine(async () => {
      const touched = new Set<string>();
      for (const row of batch.puts ?? []) {
        const key = rowKey(row.collection, row.id);
        if (!this.#confirmed.has(key)) this.#count(row.id, 1);
        this.#confirmed.set(key, row);
        touched.add(key);
      }
      for (const { collection, id, kid } of batch.removes ?? []) {
        const key = rowKey(collection, id);
        if (this.#confirmed.get(key)?.kid !== kid) continue;
        this.#confirmed.delete(key);
        this.#count(id, -1);
        touched.add(key);
      }
      for (const mutation of batch.pending ?? []) {
        touched.add(this.#join(mutation));
      }
      for (const n of batch.settled ?? []) {
        const key = this.#leave(n);
        if (key) touched.add(key);
      }
      await this.#refresh(touched);
    });
  }

  /**
   * Removes everything that came through these streams, and makes the memory forget its text at once. RxDB keeps old
   * states in its event buffer and query cache, so the reactive layer is built anew from what stays.
   */
  purge(kids: ReadonlySet<string>): Promise<void> {
    return this.#inLine(async () => {
      for (const [key, row] of this.#confirmed) {
        if (!kids.has(row.kid)) continue;
        this.#confirmed.delete(key);
        this.#count(row.id, -1);
        this.#look(key);
      }
      const old = this.#reactive;
      this.#reactive = null;
      for (const watcher of this.#watchers) {
        watcher.end();
        watcher.end = () => {};
        this.#showFromMaps(watcher);
      }
      if (!old) return;
      // The old layer goes first: RxDB allows a page thirteen open collections.
      await old.close();
      await this.#adopt(await this.#open());
    });
  }

  /** Calls `show` with the rows that match, now and after each change. Returns what ends it. */
  watch<N extends CollectionName>(
    name: N,
    filter: RowFilter<RowOf<N>>,
    show: (rows: readonly RowOf<N>[]) => void,
  ): () => void {
    const { local } = collections[name];
    if (!local) return () => {};
    const watcher: Watcher = {
      direct: isDirect(filter),
      name,
      local,
      filter: filter as never,
      show: show as never,
      end: () => {},
    };
    this.#watchers.add(watcher);
    if (this.#reactive && !watcher.direct) this.#feed(watcher, this.#reactive);
    else this.#showFromMaps(watcher);
    return () => {
      this.#watchers.delete(watcher);
      watcher.end();
    };
  }

  /** What {@link ReadModel.watch} would show, if it can be said at once; else null. */
  glance<N extends CollectionName>(name: N, filter: RowFilter<RowOf<N>>): readonly RowOf<N>[] | null {
    return this.#views.matchingAtOnce(name, filter) as readonly RowOf<N>[] | null;
  }

  /** The row as a person sees it, for the engine's own decisions. */
  async view<N extends CollectionName>(name: N, id: string): Promise<RowOf<N> | undefined> {
    await this.#queue;
    return this.#views.get(name, id) as RowOf<N> | undefined;
  }

  /** Every row of a collection that matches, once. */
  async find<N extends CollectionName>(
    name: N,
    filter: RowFilter<RowOf<N>> = {},
  ): Promise<readonly RowOf<N>[]> {
    await this.#queue;
    return this.#views.matching(name, filter) as unknown as readonly RowOf<N>[];
  }

  /** Drops everything. The model cannot be used afterwards; an unlock builds a new one. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue.catch(() => {});
    await this.#attaching?.catch(() => {});
    for (const watcher of this.#watchers) watcher.end();
    this.#watchers.clear();
    this.#confirmed.clear();
    this.#known.clear();
    this.#pending.clear();
    this.#keyOf.clear();
    this.#views.clear();
    await this.#reactive?.close();
    this.#reactive = null;
  }

  /** Works out anew what a person sees of a record. */
  #look(key: string): { readonly kind: string; readonly id: string; readonly view: View | undefined } {
    const separator = key.indexOf("|");
    const [kind, id] = [key.slice(0, separator), key.slice(separator + 1)];
    const view = replay(this.#confirmed.get(key)?.data, this.#pending.get(key) ?? []);
    this.#views.set(kind, id, view);
    return { kind, id, view };
  }

  async #adopt(reactive: RxRows): Promise<void> {
    for (const [local, documents] of this.#allDocuments()) await reactive.write(local, documents, []);
    this.#reactive = reactive;
    for (const watcher of this.#watchers) {
      if (watcher.direct) continue;
      watcher.end();
      this.#feed(watcher, reactive);
    }
  }

  #allDocuments(): Map<LocalCollection, LocalDocument[]> {
    const documents = new Map<LocalCollection, LocalDocument[]>();
    for (const name of collectionNames) {
      const { local } = collections[name];
      if (!local) continue;
      const list = documents.get(local) ?? [];
      documents.set(local, list);
      for (const row of this.#views.all(name)) list.push({ id: String(row.id), kind: name, row });
    }
    return documents;
  }

  #feed(watcher: Watcher, reactive: RxRows): void {
    const { local, name, filter, show } = watcher;
    // It says which and in what order; the rows themselves are ours, one object each until it changes.
    watcher.end = reactive.watch(local, name, filter, (documents) =>
      show(documents.flatMap(({ id }) => (this.#views.get(name, id) as undefined) ?? [])),
    );
  }

  #showFromMaps({ name, filter, show }: Watcher): void {
    show(this.#views.matching(name, filter) as never[]);
  }

  #count(id: string, more: 1 | -1): void {
    const count = (this.#known.get(id) ?? 0) + more;
    if (count > 0) this.#known.set(id, count);
    else this.#known.delete(id);
  }

  #join(mutation: PushedMutation): string {
    const key = rowKeyOf(mutation);
    const others = (this.#pending.get(key) ?? []).filter(({ n }) => n !== mutation.n);
    this.#pending.set(
      key,
      [...others, mutation].sort((a, b) => a.n - b.n),
    );
    this.#keyOf.set(mutation.n, key);
    return key;
  }

  #leave(n: number): string | undefined {
    const key = this.#keyOf.get(n);
    if (!key) return undefined;
    this.#keyOf.delete(n);
    const rest = (this.#pending.get(key) ?? []).filter((mutation) => mutation.n !== n);
    if (rest.length > 0) this.#pending.set(key, rest);
    else this.#pending.delete(key);
    return key;
  }

  #inLine(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.catch(() => {}).then(() => (this.#closed ? undefined : work()));
    this.#queue = done.catch(() => {});
    return done;
  }

  async #refresh(touched: ReadonlySet<string>): Promise<void> {
    const changed = new Map<LocalCollection, { puts: LocalDocument[]; removes: string[] }>();
    for (const key of touched) {
      const { kind, id, view } = this.#look(key);
      const local = isCollectionName(kind) ? collections[kind].local : null;
      if (!local) continue;
      const change = changed.get(local) ?? { puts: [], removes: [] };
      changed.set(local, change);
      if (view) change.puts.push({ id, kind, row: view });
      else change.removes.push(id);
    }
    for (const watcher of this.#watchers)
      if (changed.has(watcher.local) && (watcher.direct || !this.#reactive)) this.#showFromMaps(watcher);
    for (const [local, { puts, removes }] of changed) await this.#reactive?.write(local, puts, removes);
  }
}
