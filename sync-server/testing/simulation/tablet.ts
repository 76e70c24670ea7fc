import { threadId } from "node:worker_threads";
import { IDBFactory } from "fake-indexeddb";
import { newId } from "#domain/kernel/id.ts";
import type { CollectionName, RowOf } from "#domain/registry.ts";
import { createLocal } from "#pwa/local/create-local.ts";
import { type Keyring, unlockKeyring } from "#pwa/local/keys/keyring.ts";
import { newKdfParameters } from "#pwa/local/keys/pin.ts";
import type { Local } from "#pwa/local/local.ts";
import { markStanding } from "#pwa/local/storage/mark-standing.ts";
import { LocalDatabase } from "#pwa/local/store/database.ts";
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
import type { OwnClock, PlayedClock } from "./played-clock.ts";
import { realWait } from "./real-wait.ts";
import { origin } from "./server.ts";
import { PlayedMicrophone, sendOver } from "./sound.ts";

const PIN = "correct-pin";
/** Milliseconds within which a screen has its rows, also on a busy machine. */
const MOMENT = 2000;

/** Tabs that were opened in this thread: a dead one keeps its lock, and the same seed played again must not ask for that. */
let tabs = 0;

/** What came of something done on a tablet that may be killed meanwhile. */
export type Outcome<T> =
  | { readonly type: "done"; readonly value: T }
  | { readonly type: "failed"; readonly error: unknown }
  | { readonly type: "killed" };

/** What lies on the tablet's disk, opened with the person's PIN. */
export interface Disk {
  readonly epoch: string | null;
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
  #factory = new IDBFactory();
  /** What the browser keeps beside the store. */
  #mark: string | null = null;
  #local: Local | null = null;
  #database: KillableDatabase | null = null;
  #death: Promise<void> = Promise.resolve();
  /** The name of the lock that the tabs of now contend for. */
  #lock = "";
  #keyring: { clientId: string; keyring: Keyring } | null = null;
  /** For planted bugs: another store class. */
  readonly #store: typeof KillableDatabase;

  readonly #counts: FaultCounts;
  readonly #clock: PlayedClock;
  readonly clock: OwnClock = { ahead: 0 };
  /** That of the tab that was opened last. */
  microphone = new PlayedMicrophone();
  /** Where the next tab that is opened here dies. */
  nextKill: TabKill | null;

  constructor(
    index: number,
    plan: TabletPlan,
    network: PlayedNetwork,
    { counts, clock }: { readonly counts: FaultCounts; readonly clock: PlayedClock },
    store = KillableDatabase,
  ) {
    this.index = index;
    this.#counts = counts;
    this.#clock = clock;
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

  /** F12: the browser throws the store away, and with it or not what it keeps beside it. The cookies stay. */
  evict(markKept: boolean): void {
    this.kill();
    this.#factory = new IDBFactory();
    if (!markKept) this.#mark = null;
  }

  /** F13: everything that the other profile holds. */
  async copy(other: PlayedTablet): Promise<void> {
    const copied = new LocalDatabase(`tablet-${this.index}`, this.#factory as unknown as IDBFactory);
    const { tables } = other.database;
    // In one moment: a browser that is asked to close has written what it was writing.
    const records = await other.database.transaction("r", tables, () =>
      Promise.all(tables.map((table) => table.toArray())),
    );
    for (const [index, { name }] of tables.entries()) await copied.table(name).bulkPut(records[index] ?? []);
    copied.close();
    this.#mark = other.#mark;
    this.network.takeCookiesOf(other.network);
  }

  #openStore(): { readonly database: KillableDatabase; readonly death: Promise<void> } {
    const { promise: death, resolve } = Promise.withResolvers<void>();
    const onDeath = (armed: boolean) => {
      if (armed) this.#counts.F08++;
      resolve();
    };
    const factory = this.#factory as unknown as IDBFactory;
    return { database: new this.#store(`tablet-${this.index}`, factory, onDeath), death };
  }

  async #openTab(): Promise<void> {
    // The lock of a tab that died is free at once.
    this.#lock = `${threadId} ${++tabs} ${newId()}`;
    const { database, death } = this.#openStore();
    this.#death = death;
    this.#database = database;
    database.arm(this.nextKill);
    this.nextKill = null;
    this.#local = await this.#start(database);
  }

  /**
   * F11: another tab of this profile takes the work over, and the first one is closed. `onScreen` saves what was typed and
   * not saved there.
   */
  async handOver(onScreen: () => Promise<unknown>): Promise<void> {
    const first = this.local;
    this.database.arm(null);
    const { database, death } = this.#openStore();
    await this.#clock.by(this.clock, async () => {
      const second = await this.#start(database);
      const saved = first.typing(async () => {
        await onScreen();
        saved();
      });
      await second.session.useHere();
      await first.close();
      [this.#local, this.#database, this.#death] = [second, database, death];
    });
    this.#counts.F11++;
  }

  async #start(database: KillableDatabase): Promise<Local> {
    const fetch = this.network.fetchFor(() => database.dead);
    this.microphone = new PlayedMicrophone();
    const local = await createLocal({
      database,
      fetch,
      origin,
      alone: (_name, work) => work(),
      tab: createTabLock(navigator.locks, this.#lock),
      derive: quickDerive,
      kdf: () => newKdfParameters(64, 1),
      deviceName: `Tablet ${this.index}`,
      page: this.plan.page,
      microphone: this.microphone.open,
      speaker: () => Promise.reject(new Error("no speaker here")),
      send: sendOver(fetch),
      keepAwake: () => {},
    });
    markStanding(local, {
      read: () => this.#mark,
      write: (mark) => {
        if (!database.dead) this.#mark = mark;
      },
    });
    return local;
  }

  /** Does something on the tablet; when the tab dies meanwhile, the rest never happens. */
  async run<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    return Promise.race([
      this.#clock.by(this.clock, work).then(
        (value): Outcome<T> => ({ type: "done", value }),
        (error: unknown): Outcome<T> => ({ type: "failed", error }),
      ),
      this.#death.then((): Outcome<T> => ({ type: "killed" })),
    ]);
  }

  /** What it gives, or null when the tab dies meanwhile: what a dead tab asked of its store is never answered. */
  whileAlive<T>(work: T | Promise<T>): Promise<T | null> {
    return Promise.race([work, this.#death.then(() => null)]);
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
      if (state === "wiped" && !session.get().wipe?.done) return false;
      const words = { username: this.plan.username, password: trialPassword };
      const step = await this.run(() => {
        if (state === "locked") return session.unlock(PIN);
        if (state === "set-pin") return session.setPin(PIN);
        if (state === "wiped") return session.startAnew();
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

  /** Whether a screen that is opened now shows a record: the reactive layer answers it a moment later. */
  async shows(name: CollectionName, id: string): Promise<boolean> {
    const value = this.local.rows(name, {});
    const end = value.subscribe(() => {});
    const isThere = () => value.get().rows.some((row) => row.id === id);
    for (let turns = 0; turns < MOMENT && !isThere() && this.alive; turns++) await realWait(1);
    end();
    return isThere() || !this.alive;
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

  /** Who it is for the clinic; null before anybody worked here. */
  async identity(): Promise<{ readonly clientId: string | null; readonly deviceId: string | null }> {
    // A closed tab answers nothing; what is on the disk, the next one reads.
    const database = this.alive ? this.database : this.#openStore().database;
    const [[user], device] = [await database.users.toArray(), await database.device.get("this")];
    return { clientId: user?.clientId ?? null, deviceId: device?.id ?? null };
  }

  async clientId(): Promise<string | null> {
    return (await this.identity()).clientId;
  }

  async disk(keyring: Keyring): Promise<Disk> {
    const { cursor, streams } = await loadSyncState(this.database, keyring);
    const byKid = new Map(streams.map((held) => [held.kid, held.stream]));
    const rows: (ConfirmedRow & { stream: string })[] = [];
    for await (const some of loadRows(this.database, streams))
      rows.push(...some.map((row) => ({ ...row, stream: byKid.get(row.kid) ?? "" })));
    return {
      epoch: cursor.epoch,
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
