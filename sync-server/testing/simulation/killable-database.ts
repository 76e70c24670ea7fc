// Dexie looks for IndexedDB when it is loaded, so this comes first.
import "fake-indexeddb/auto";
import type { DBCore, DBCoreMutateResponse, DBCoreTransaction } from "dexie";
import { LocalDatabase } from "#pwa/local/store/database.ts";
import type { DiskFault, TabKill } from "./faults.ts";

const never = new Promise<never>(() => {});

const storeErrors: Record<DiskFault, string> = {
  aborted: "AbortError",
  full: "QuotaExceededError",
  "connection-lost": "UnknownError",
};

interface Written {
  mutations: number;
}

/**
 * The tablet's real store, in a tab that can be killed around a local write transaction. After its death nothing of the
 * tab ever resumes: reads and writes never answer, transactions under way are aborted as the browser does.
 */
export class KillableDatabase extends LocalDatabase {
  #kill: { point: TabKill["point"]; left: number } | null = null;
  #fault: { fault: DiskFault; left: number } | null = null;
  /** Write transactions that failed as {@link failAt} said. */
  failed = 0;
  #dead = false;
  readonly #writing = new Map<DBCoreTransaction, Written>();
  readonly #onDeath: (armed: boolean) => void;
  /** Requests to the store that have not been answered. */
  pending = 0;

  constructor(name: string, factory: IDBFactory, onDeath: (armed: boolean) => void) {
    super(name, factory);
    this.#onDeath = onDeath;
    this.use({ stack: "dbcore", name: "killable", create: (core) => this.#wrap(core) });
  }

  get dead(): boolean {
    return this.#dead;
  }

  arm(kill: TabKill | null): void {
    this.#kill = kill && { point: kill.point, left: kill.transaction };
  }

  /** Sets which of the next write transactions fails, and how. */
  failAt(fault: { readonly fault: DiskFault; readonly transaction: number } | null): void {
    this.#fault = fault && { fault: fault.fault, left: fault.transaction };
  }

  /** @param armed it died where {@link arm} said */
  die(armed = false): void {
    if (this.#dead) return;
    this.#dead = true;
    for (const transaction of this.#writing.keys()) {
      try {
        transaction.abort();
      } catch {
        // It was over already.
      }
    }
    this.#onDeath(armed);
  }

  /** Chains on Dexie's own promises: an await in between would lose its transaction. */
  #answer<T>(work: () => Promise<T>): Promise<T> {
    if (this.#dead) return never;
    this.pending++;
    return work().then(
      (answer) => {
        this.pending--;
        return this.#dead ? never : answer;
      },
      (error: unknown) => {
        this.pending--;
        if (this.#dead) return never;
        throw error;
      },
    );
  }

  #wrap(core: DBCore): DBCore {
    return {
      ...core,
      table: (name) => {
        const table = core.table(name);
        return {
          ...table,
          get: (request) => this.#answer(() => table.get(request)),
          getMany: (request) => this.#answer(() => table.getMany(request)),
          query: (request) => this.#answer(() => table.query(request)),
          count: (request) => this.#answer(() => table.count(request)),
          openCursor: (request) => this.#answer(() => table.openCursor(request)),
          mutate: (request) => this.#mutate(request.trans, () => table.mutate(request)),
        };
      },
    };
  }

  #mutate(
    transaction: DBCoreTransaction,
    work: () => Promise<DBCoreMutateResponse>,
  ): Promise<DBCoreMutateResponse> {
    return this.#answer(() => {
      const written = this.#track(transaction);
      if (this.#dies("before", written.mutations === 0)) return never;
      const failure = this.#failure();
      if (failure) return Promise.reject(failure);
      return work().then((response) => {
        written.mutations++;
        return this.#dies("in", true) ? never : response;
      });
    });
  }

  #track(transaction: DBCoreTransaction): Written {
    const known = this.#writing.get(transaction);
    if (known) return known;
    const written: Written = { mutations: 0 };
    if (this.#kill) this.#kill.left--;
    if (this.#fault) this.#fault.left--;
    this.#writing.set(transaction, written);
    const events = transaction as unknown as EventTarget;
    events.addEventListener("complete", () => {
      this.#writing.delete(transaction);
      this.#dies("after", true);
    });
    events.addEventListener("abort", () => this.#writing.delete(transaction));
    return written;
  }

  /** What the store answers when this transaction is the one that fails. */
  #failure(): DOMException | null {
    if (!this.#fault || this.#fault.left > 0) return null;
    const name = storeErrors[this.#fault.fault];
    this.#fault = null;
    this.failed++;
    return new DOMException("the store failed", name);
  }

  /** Kills the tab when this is the place that was set. */
  #dies(point: TabKill["point"], here: boolean): boolean {
    if (this.#dead) return true;
    if (!here || this.#kill?.point !== point || this.#kill.left > 0) return false;
    this.#kill = null;
    this.die(true);
    return true;
  }
}
