import { createRxDatabase, type RxCollection, type RxDatabase, type RxDocument } from "rxdb/plugins/core";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";
import type { LocalCollection } from "#domain/collection.ts";
import { newId } from "#domain/kernel/id.ts";
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
import { type LocalDocument, localCollections, localSchemas } from "./collections.ts";
import { toQuery } from "./query.ts";
import { replay, rowKey, rowKeyOf } from "./view.ts";

type Collections = Record<LocalCollection, RxCollection<LocalDocument>>;

/** What changed, in one go: screens never see half of it. */
export interface Batch {
  readonly puts?: readonly ConfirmedRow[];
  readonly removes?: readonly Pick<ConfirmedRow, "collection" | "id" | "kid">[];
  /** Entries that joined the queue, and numbers of those that left it (settled or refused). */
  readonly pending?: readonly PushedMutation[];
  readonly settled?: readonly number[];
}

const rowOf = <N extends CollectionName>(document: RxDocument<LocalDocument>): RowOf<N> =>
  document.toJSON().row as unknown as RowOf<N>;

/**
 * The decrypted rows of the unlocked session: reactive, in memory only, written by nobody but the sync engine and the
 * outbox. The view of a record is the confirmed row with the waiting changes replayed.
 */
export class ReadModel {
  readonly #database: RxDatabase<Collections>;
  readonly #confirmed = new Map<string, ConfirmedRow>();
  /** Waiting changes of each record, in their order. */
  readonly #pending = new Map<string, PushedMutation[]>();
  readonly #keyOf = new Map<number, string>();
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(database: RxDatabase<Collections>) {
    this.#database = database;
  }

  static async open(): Promise<ReadModel> {
    const database = await createRxDatabase<Collections>({
      name: `jamemr-${newId()}`,
      storage: getRxStorageMemory(),
      multiInstance: false,
      eventReduce: true,
    });
    await database.addCollections(
      Object.fromEntries(localCollections.map((name) => [name, { schema: localSchemas[name] }])),
    );
    return new ReadModel(database);
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
    return collectionNames.some((name) => this.#confirmed.has(rowKey(name, id)));
  }

  applyBatch(batch: Batch): Promise<void> {
    return this.#inLine(async () => {
      const touched = new Set<string>();
      for (const row of batch.puts ?? []) {
        const key = rowKey(row.collection, row.id);
        this.#confirmed.set(key, row);
        touched.add(key);
      }
      for (const { collection, id, kid } of batch.removes ?? []) {
        const key = rowKey(collection, id);
        if (this.#confirmed.get(key)?.kid !== kid) continue;
        this.#confirmed.delete(key);
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

  /** Removes everything that came through these streams, and makes the memory forget its text at once. */
  purge(kids: ReadonlySet<string>): Promise<void> {
    return this.#inLine(async () => {
      const touched = new Set<string>();
      for (const [key, row] of this.#confirmed) {
        if (!kids.has(row.kid)) continue;
        this.#confirmed.delete(key);
        touched.add(key);
      }
      await this.#refresh(touched);
      for (const name of localCollections) await this.#database.collections[name].storageInstance.cleanup(0);
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
    const subscription = this.#database.collections[local]
      .find(toQuery(name, filter))
      .$.subscribe((documents) => show(documents.map((document) => rowOf<N>(document))));
    return () => subscription.unsubscribe();
  }

  /** The row as a person sees it, for the engine's own decisions. */
  async view<N extends CollectionName>(name: N, id: string): Promise<RowOf<N> | undefined> {
    await this.#queue;
    return this.#viewOf(rowKey(name, id)) as RowOf<N> | undefined;
  }

  /** Every row of a collection that matches, once. */
  async find<N extends CollectionName>(
    name: N,
    filter: RowFilter<RowOf<N>> = {},
  ): Promise<readonly RowOf<N>[]> {
    await this.#queue;
    const { local } = collections[name];
    if (!local) return [];
    const documents = await this.#database.collections[local].find(toQuery(name, filter)).exec();
    return documents.map((document) => rowOf<N>(document));
  }

  /** Drops everything. The model cannot be used afterwards; an unlock builds a new one. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue.catch(() => {});
    this.#confirmed.clear();
    this.#pending.clear();
    this.#keyOf.clear();
    await this.#database.remove();
  }

  #viewOf(key: string) {
    return replay(this.#confirmed.get(key)?.data, this.#pending.get(key) ?? []);
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
      const separator = key.indexOf("|");
      const kind = key.slice(0, separator);
      const id = key.slice(separator + 1);
      const local = isCollectionName(kind) ? collections[kind].local : null;
      if (!local) continue;
      const change = changed.get(local) ?? { puts: [], removes: [] };
      changed.set(local, change);
      const row = this.#viewOf(key);
      if (row) change.puts.push({ id, kind, row });
      else change.removes.push(id);
    }
    for (const [local, { puts, removes }] of changed) {
      const collection = this.#database.collections[local];
      if (puts.length > 0) await collection.bulkUpsert(puts);
      if (removes.length > 0) {
        const known = await collection.findByIds(removes).exec();
        if (known.size > 0) await collection.bulkRemove([...known.keys()]);
      }
    }
  }
}
