import { createRxDatabase, type RxCollection, type RxDatabase } from "rxdb/plugins/core";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";
import type { LocalCollection } from "#domain/collection.ts";
import { newId } from "#domain/kernel/id.ts";
import type { RowFilter } from "../local.ts";
import { type LocalDocument, localCollections, localSchemas } from "./collections.ts";
import { toQuery } from "./query.ts";

type Collections = Record<LocalCollection, RxCollection<LocalDocument>>;

/** The unlocked rows in RxDB's memory: indexed, reactive, written by the read model only. Loaded after the first screen. */
export class RxRows {
  readonly #database: RxDatabase<Collections>;

  private constructor(database: RxDatabase<Collections>) {
    this.#database = database;
  }

  static async open(): Promise<RxRows> {
    const database = await createRxDatabase<Collections>({
      name: `jamemr-${newId()}`,
      storage: getRxStorageMemory(),
      multiInstance: false,
      eventReduce: true,
    });
    await database.addCollections(
      Object.fromEntries(localCollections.map((name) => [name, { schema: localSchemas[name] }])),
    );
    return new RxRows(database);
  }

  async write(local: LocalCollection, puts: LocalDocument[], removes: string[]): Promise<void> {
    const collection = this.#database.collections[local];
    if (puts.length > 0) await collection.bulkUpsert(puts);
    if (removes.length === 0) return;
    const known = await collection.findByIds(removes).exec();
    if (known.size > 0) await collection.bulkRemove([...known.keys()]);
  }

  /** Calls `show` with what matches, now and after each change. Returns what ends it. */
  watch<R>(
    local: LocalCollection,
    kind: string,
    filter: RowFilter<R>,
    show: (documents: readonly Pick<LocalDocument, "id">[]) => void,
  ): () => void {
    const subscription = this.#database.collections[local]
      .find(toQuery(kind, filter))
      .$.subscribe((documents) => show(documents.map(({ primary: id }) => ({ id }))));
    return () => subscription.unsubscribe();
  }

  async close(): Promise<void> {
    await this.#database.remove();
  }
}
