import type { DBCore, DBCoreTransaction } from "dexie";
import { KillableDatabase } from "./killable-database.ts";

/**
 * B4: the position is stored in a transaction of its own before the rows it speaks of. A page's transaction is run
 * twice: first only what concerns the cursor reaches the disk, then everything.
 */
export class CursorFirstDatabase extends KillableDatabase {
  #cursorOnly = new WeakSet<DBCoreTransaction>();
  #first = false;

  constructor(name: string, factory: IDBFactory, onDeath: (armed: boolean) => void) {
    super(name, factory, onDeath);
    this.use({ stack: "dbcore", name: "cursor-first", level: 1, create: (core) => this.#wrap(core) });
    const real = this.transaction.bind(this) as (...args: unknown[]) => PromiseLike<unknown>;
    const patched = (...args: unknown[]) => {
      const tables = args.flat();
      const isPage =
        tables.includes(this.rows) && tables.includes(this.cursors) && tables.includes(this.outbox);
      if (!isPage) return real(...args);
      this.#first = true;
      return real(...args).then(() => real(...args));
    };
    Object.defineProperty(this, "transaction", { value: patched });
  }

  #wrap(core: DBCore): DBCore {
    return {
      ...core,
      transaction: (stores, mode, options) => {
        const transaction = core.transaction(stores, mode, options);
        if (this.#first && mode === "readwrite" && stores.includes("cursors") && stores.includes("rows")) {
          this.#first = false;
          this.#cursorOnly.add(transaction);
        }
        return transaction;
      },
      table: (name) => {
        const table = core.table(name);
        return {
          ...table,
          mutate: (request) =>
            name === "cursors" || !this.#cursorOnly.has(request.trans)
              ? table.mutate(request)
              : Promise.resolve({ numFailures: 0, failures: {}, lastResult: undefined, results: [] }),
        };
      },
    };
  }
}
