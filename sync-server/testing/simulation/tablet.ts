import { IDBFactory } from "fake-indexeddb";
import type { CollectionName, RowOf } from "#domain/registry.ts";
import { createLocal } from "#pwa/local/create-local.ts";
import { type Keyring, unlockKeyring } from "#pwa/local/keys/keyring.ts";
import { newKdfParameters } from "#pwa/local/keys/pin.ts";
import type { Local } from "#pwa/local/local.ts";
import type { ConfirmedRow } from "#pwa/local/store/rows.ts";
import { loadRows } from "#pwa/local/store/rows.ts";
import { loadSyncState } from "#pwa/local/store/sync-state.ts";
import { quickDerive } from "#pwa/local/testing/tablet.ts";
import { createTabLock } from "#pwa/session/tab-lock.ts";
import { trialPassword } from "#server/practice/trial/trial-people.ts";
import type { FaultCounts, TabKill } from "./faults.ts";
import { KillableDatabase } from "./killable-database.ts";
import type { PlayedNetwork } from "./network.ts";
import type { TabletPlan } from "./plan.ts";
import { origin } from "./server.ts";

const PIN = "correct-pin";

/** What came of something done on a tablet that may be killed meanwhile. */
export type Outcome<T> =
  | { readonly type: "done"; readonly value: T }
  | { readonly type: "failed"; readonly error: unknown }
  | { readonly type: "killed" };

/** What lies on the tablet's disk, opened with the person's PIN. */
export interface Disk {
  readonly cursor: number;
  /** Chart streams that the person asked for. */
  readonly opened: readonly string[];
  readonly streams: readonly { stream: string; generation: number; complete: boolean; kid: string }[];
  readonly rows: readonly (ConfirmedRow & { stream: string })[];
  /** Stored rows whose key is gone: nobody can read them, and nobody removed them. */
  readonly orphans: number;
}

/** One browser profile: the disk outlives the tabs that are opened on it, each with the real local layer. */
export class PlayedTablet {
  readonly index: number;
  readonly plan: TabletPlan;
  readonly network: PlayedNetwork;
  readonly #factory = new IDBFactory();
  #local: Local | null = null;
  #database: KillableDatabase | null = null;
  #death: Promise<void> = Promise.resolve();
  #keyring: { clientId: string; keyring: Keyring } | null = null;
  /** For planted bugs: another store class. */
  readonly #store: typeof KillableDatabase;

  readonly #counts: FaultCounts;
  /** Where the next tab that is opened here dies. */
  nextKill: TabKill | null;

  constructor(
    index: number,
    plan: TabletPlan,
    network: PlayedNetwork,
    counts: FaultCounts,
    store = KillableDatabase,
  ) {
    this.index = index;
    this.#counts = counts;
    this.nextKill = plan.kill;
    this.plan = plan;
    this.network = network;
    this.#store = store;
  }

  get local(): Local {
    if (!this.#local) throw new Error("no tab is open");
    return this.#local;
  }

  get database(): KillableDatabase {
    if (!this.#database) throw new Error("no tab is open");
    return this.#database;
  }

  /** No tab was ever opened here. */
  get isNew(): boolean {
    return this.#database === null;
  }

  get alive(): boolean {
    return this.#database !== null && !this.#database.dead;
  }

  get busy(): boolean {
    return this.alive && (this.network.inflight > 0 || this.database.pending > 0);
  }

  /** Sets where this tab dies next. */
  arm(kill: TabKill | null): void {
    if (this.alive) this.database.arm(kill);
  }

  kill(): void {
    this.#database?.die();
  }

  async #openTab(): Promise<void> {
    let onDeath = (_armed: boolean) => {};
    this.#death = new Promise((resolve) => {
      onDeath = (armed) => {
        if (armed) this.#counts.F08++;
        resolve();
      };
    });
    const database = new this.#store(`tablet-${this.index}`, this.#factory as unknown as IDBFactory, onDeath);
    this.#database = database;
    database.arm(this.nextKill);
    this.nextKill = null;
    this.#local = await createLocal({
      database,
      fetch: this.network.fetchFor(() => database.dead),
      origin,
      alone: (_name, work) => work(),
      tab: createTabLock(undefined),
      derive: quickDerive,
      kdf: () => newKdfParameters(64, 1),
      deviceName: `Tablet ${this.index}`,
      page: this.plan.page,
      microphone: () => Promise.reject(new Error("no microphone here")),
      speaker: () => Promise.reject(new Error("no speaker here")),
      send: () => Promise.reject(new Error("no uploads here")),
      keepAwake: () => {},
    });
  }

  /** Does something on the tablet; when the tab dies meanwhile, the rest never happens. */
  async run<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    return Promise.race([
      work().then(
        (value): Outcome<T> => ({ type: "done", value }),
        (error: unknown): Outcome<T> => ({ type: "failed", error }),
      ),
      this.#death.then((): Outcome<T> => ({ type: "killed" })),
    ]);
  }

  /** Opens a tab if there is none, signs in or unlocks. False when the network or a kill prevented it. */
  async ready(): Promise<boolean> {
    if (!this.alive) {
      const opened = await this.run(() => this.#openTab());
      if (opened.type === "failed") throw opened.error;
      if (opened.type === "killed") return false;
    }
    for (let tries = 0; tries < 4 && this.alive; tries++) {
      const { session } = this.local;
      const { state } = session.get();
      if (state === "unlocked") return true;
      const words = { username: this.plan.username, password: trialPassword };
      const step = await this.run(() => {
        if (state === "locked") return session.unlock(PIN);
        if (state === "set-pin") return session.setPin(PIN);
        return session.signIn(words);
      });
      if (step.type !== "done") return false;
    }
    return this.alive && this.local.session.get().state === "unlocked";
  }

  /** The rows that a screen would show now. */
  rows<N extends CollectionName>(name: N): readonly RowOf<N>[] {
    const value = this.local.rows(name, {});
    const end = value.subscribe(() => {});
    const { rows } = value.get();
    end();
    return rows;
  }

  async keyring(): Promise<Keyring> {
    const [user] = await this.database.users.toArray();
    const device = await this.database.device.get("this");
    if (!user || !device) throw new Error("nobody works here yet");
    if (this.#keyring?.clientId !== user.clientId)
      this.#keyring = {
        clientId: user.clientId,
        keyring: await unlockKeyring(user.id, user.keys, PIN, device.secret, quickDerive),
      };
    return this.#keyring.keyring;
  }

  async clientId(): Promise<string | null> {
    const [user] = await this.database.users.toArray();
    return user?.clientId ?? null;
  }

  async disk(keyring: Keyring): Promise<Disk> {
    const { cursor, streams } = await loadSyncState(this.database, keyring);
    const byKid = new Map(streams.map((held) => [held.kid, held.stream]));
    const rows: (ConfirmedRow & { stream: string })[] = [];
    for await (const some of loadRows(this.database, streams))
      rows.push(...some.map((row) => ({ ...row, stream: byKid.get(row.kid) ?? "" })));
    return {
      cursor: cursor.cursor,
      opened: cursor.want,
      streams: streams.map(({ stream, generation, complete, kid }) => ({
        stream,
        generation,
        complete,
        kid,
      })),
      rows,
      orphans: (await this.database.rows.count()) - rows.length,
    };
  }

  async close(): Promise<void> {
    if (this.alive) await this.local.close();
  }
}
