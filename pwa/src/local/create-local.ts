import { after, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { CollectionName, RowOf } from "#domain/registry.ts";
import type { Session } from "#domain/sync/session.ts";
import { Outbox } from "../outbox/outbox.ts";
import type { Microphone, Speaker } from "../recording/devices.ts";
import { createLateRecording } from "../recording/late-recording.ts";
import type { SendPart } from "../recording/upload.ts";
import { Access, type RunAlone } from "../session/access.ts";
import type { Reading } from "../session/account.ts";
import { createApi } from "../session/api.ts";
import type { Authenticator } from "../session/authenticator.ts";
import { SessionControl } from "../session/session-control.ts";
import type { TabLock } from "../session/tab-lock.ts";
import type { DeriveFromPin, KdfParameters } from "./keys/pin.ts";
import type {
  ChartPresence,
  Local,
  OutboxItem,
  RowAndMark,
  RowFilter,
  StorageView,
  ToDeliver,
} from "./local.ts";
import { LocalError } from "./local-error.ts";
import { followMergeLinks } from "./merge-links.ts";
import { rowsValue, rowValue } from "./row-values.ts";
import type { LocalDatabase } from "./store/database.ts";
import { KeptWords } from "./store/kept-words.ts";
import { createConnection, type OfflineMemory } from "./sync/connection.ts";
import { DeviceDelivery } from "./sync/device-delivery.ts";
import { SyncEngine } from "./sync/engine.ts";
import { createLateHistory, type LateHistory } from "./sync/late-history.ts";
import { Replica } from "./sync/replica.ts";
import { createValue, derived, inner, type Value } from "./value.ts";
import { Workspace } from "./workspace.ts";

/** Everything the layer needs from the browser, so that tests can give it other things. */
export interface LocalOptions {
  readonly database: LocalDatabase;
  readonly fetch: typeof fetch;
  readonly origin: string;
  readonly alone: RunAlone;
  readonly tab: TabLock;
  readonly derive: DeriveFromPin;
  readonly authenticator?: Authenticator;
  readonly kdf?: () => KdfParameters;
  readonly deviceName: string;
  readonly microphone: Microphone;
  readonly speaker: Speaker;
  readonly send: SendPart;
  readonly keepAwake: (on: boolean) => void;
  /** Rows asked for in one page. */
  readonly page?: number;
  readonly offlineMemory?: OfflineMemory;
}

/** Milliseconds that a lock waits for words to reach the disk. */
const SAVE_WITHIN = 3000;

/** The running layer; see {@link Local}. */
class LocalLayer {
  readonly options: LocalOptions;
  readonly connection;
  readonly api;
  readonly access: Access;
  readonly outbox: Outbox;
  readonly control: SessionControl;
  readonly workspace = createValue<Workspace | null>(null);
  /** Changes whenever the queue or its answers do. */
  readonly queue = createValue<readonly OutboxItem[]>([]);
  /** Whose the sealed changes on this tablet are that the clinic has not answered. */
  readonly sealed = createValue<readonly string[]>([]);
  #engine: SyncEngine | null = null;
  #stopping: Promise<void> = Promise.resolve();
  /** What saves the words that are on the screen and not on the disk. */
  readonly #typed = new Set<() => Promise<void>>();
  /** Of whoever works here. */
  kept: KeptWords | null = null;
  #endEntries = () => {};
  readonly #delivery = new DeviceDelivery(this);
  onUnlocked: () => void = () => {};
  onClosing: () => Promise<void> = async () => {};
  onEnd: () => Promise<void> = async () => {};
  onWiping: () => Promise<void> = async () => {};
  readonly history: LateHistory;
  /** Goes on sending recordings. */
  sendSound: () => Promise<void> = async () => {};
  /** What a wiped tablet still has to deliver. */
  readonly toDeliver = createValue<ToDeliver | null>(null);

  constructor(options: LocalOptions) {
    this.options = options;
    this.connection = createConnection(options.offlineMemory);
    this.api = createApi({
      fetch: options.fetch,
      base: options.origin,
      onAnswer: (skew) => this.connection.answered(skew),
      onSilence: () => this.connection.silent(),
      onWipe: () => this.#wipe(),
    });
    this.access = new Access(this.api, options.alone, (session: Session) => this.control.confirmed(session));
    this.history = createLateHistory(options.database, this.access, () => this.control.practice ?? "");
    this.outbox = new Outbox(options.database);
    this.control = new SessionControl({
      ...options,
      access: this.access,
      skew: () => this.skew,
    });
  }

  /** Seconds this clock is ahead of the clinic's, as last seen. */
  get skew(): number {
    return this.connection.get().clockSkew ?? 0;
  }

  async start(): Promise<void> {
    await this.control.start({
      onLeave: () => this.#saveTyped(),
      onOpen: (reading) => this.#open(reading),
      onClose: () => this.#close(),
      onReading: (reading) => this.#read(reading),
    });
    this.#delivery.after(0);
  }

  async #open(reading: Reading): Promise<void> {
    const { keyring } = this.control;
    /** The tablet was locked meanwhile, or somebody else is let in. */
    const hasLeft = () => this.control.keyring !== keyring;
    await this.#stopping;
    if (hasLeft()) throw new LocalError("locked");
    const workspace = new Workspace(
      this.options.database,
      this.outbox,
      () => {
        const author = this.control.author();
        // What a cycle still has on its hands after a lock is not done in the name of whoever came next.
        if (author.keyring !== keyring) throw new LocalError("locked");
        return author;
      },
      () => void this.sync(),
      () => instant(now() - this.skew * 1000),
    );
    await workspace.reloadEntries();
    if (hasLeft()) throw new LocalError("locked");
    const [replica, kept] = await Promise.all([
      this.#openReplica(workspace, reading),
      KeptWords.open(this.options.database, workspace.author().keyring, {
        onLeave: (save) => this.#beforeLeaving(save),
        onUnsaved: (save) => this.typing(save),
      }),
    ]);
    if (hasLeft()) {
      await kept.save().catch(() => {}); // then they wait in memory
      kept.close();
      await replica?.close();
      throw new LocalError("locked");
    }
    this.kept = kept;
    this.workspace.set(workspace);
    this.#endEntries = workspace.entries.subscribe(() => this.#count());
    this.#count();
    const events = {
      onReauth: (unknown: boolean) => (unknown ? this.control.wantSignIn() : this.control.reauth()),
      onAccessEnded: () => void this.control.accessEnded().then(() => this.#delivery.after(0)),
      onWipe: () => this.#wipe(),
      onCycle: () => this.control.tick(),
      onRestored: () => this.offerSound(),
      witness: this.history.witness,
    };
    this.#engine = new SyncEngine(workspace, this.access, this.api, events, this.options.page);
    const engine = this.#engine;
    void (replica?.load() ?? Promise.resolve())
      .catch((error: unknown) => console.error("rows could not be read", error))
      .then(() => {
        if (this.#engine === engine) engine.start();
      });
    this.onUnlocked();
  }

  async #openReplica(workspace: Workspace, reading: Reading): Promise<Replica | null> {
    if (reading === "nothing") return null;
    const { keyring, clientId } = workspace.author();
    const replica = await Replica.open(this.options.database, keyring, clientId, reading);
    replica.onForbidden = async (patientIds) => {
      await this.kept?.purge(patientIds).catch(() => {}); // what the disk refused goes with the next key
    };
    await workspace.show(replica);
    return replica;
  }

  async #read(reading: Reading): Promise<void> {
    const workspace = this.workspace.get();
    const replica = workspace?.replica.get() ?? null;
    if (!workspace || reading === (replica?.reading ?? "nothing")) return;
    workspace.replica.set(null);
    await replica?.close();
    const opened = await this.#openReplica(workspace, reading);
    await opened?.load();
    if (reading === "all") void this.#engine?.sync();
  }

  async #close(): Promise<void> {
    await this.onClosing();
    const workspace = this.workspace.get();
    const replica = workspace?.replica.get();
    this.#stopping = this.#engine?.stop() ?? Promise.resolve();
    this.#engine = null;
    this.#endEntries();
    this.kept?.close();
    this.kept = null;
    workspace?.replica.set(null);
    this.workspace.set(null);
    this.queue.set([]);
    await replica?.close();
    this.#delivery.after(0);
  }

  typing(save: () => Promise<void>): () => void {
    const saved = this.connection.typing();
    const end = this.#beforeLeaving(save);
    return () => {
      end();
      saved();
    };
  }

  #beforeLeaving(save: () => Promise<void>): () => void {
    this.#typed.add(save);
    return () => void this.#typed.delete(save);
  }

  /** What is half typed goes with the session that a person ends; a lock keeps it. */
  async signOut(): Promise<void> {
    await this.kept?.forget().catch((error: unknown) => console.error("words could not be forgotten", error));
    await this.control.signOut();
  }

  /** Words that cannot be saved now stay with whoever typed them: the door is closed all the same. */
  #saveTyped(): Promise<void> {
    return this.#within([...this.#typed].map((save) => save()));
  }

  async #within(savings: readonly Promise<unknown>[]): Promise<void> {
    if (savings.length === 0) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = after(SAVE_WITHIN, resolve);
    await Promise.race([Promise.allSettled(savings), late]);
    cancel();
  }

  #wipe(): void {
    this.#within([this.onWiping()])
      .then(() => this.control.wipe())
      .then(() => this.#stopping) // what a cycle had on its hands is written by then, and goes with the rest
      .then(() => this.#delivery.after(0))
      .catch((error: unknown) => console.error("the tablet could not be wiped yet", error));
  }

  #count(): void {
    const workspace = this.workspace.get();
    const items = workspace?.items() ?? [];
    this.queue.set(items);
    const attention = items.filter(({ status }) => status === "refused").length;
    const reports = workspace?.openings() ?? 0;
    this.connection.counts({ waiting: items.length - attention, attention, reports });
  }

  /** Sound that the clinic had is offered to it again. */
  offerSound(): void {
    this.sendSound().catch((error: unknown) => console.error("sound could not be offered again", error));
  }

  sync(): Promise<void> {
    this.#delivery.after(0);
    return this.#engine?.sync() ?? Promise.resolve();
  }

  /** Whoever just proved who they are waits for no timer. */
  readonly signedIn = (): void => void this.sync();

  /** @throws {LocalError} locked, elsewhere */
  require(): Workspace {
    const workspace = this.workspace.get();
    if (!workspace)
      throw new LocalError(this.control.view.get().state === "elsewhere" ? "elsewhere" : "locked");
    return workspace;
  }

  rowOf<N extends CollectionName>(name: N, id: string): Value<RowAndMark<N>> {
    return rowValue(this.workspace, this.queue, name, id);
  }

  async close(): Promise<void> {
    await this.onEnd();
    this.#delivery.end();
    if (this.workspace.get()) await this.#close();
    await this.#stopping;
    this.options.tab.release();
    this.options.database.close();
  }
}

/** Builds the layer and reads the disk; the session is then `signed-out`, `locked` or `elsewhere`. */
export async function createLocal(options: LocalOptions): Promise<Local> {
  const layer = new LocalLayer(options);
  const { control, workspace, queue } = layer;
  const recording = createLateRecording(layer);
  layer.onUnlocked = recording.onUnlocked;
  layer.onClosing = recording.onClosing;
  layer.onEnd = recording.close;
  layer.onWiping = recording.onWiping;
  layer.sendSound = recording.send;
  const merges = followMergeLinks(workspace);
  await layer.start();
  return {
    session: sessionSurface(layer),
    connection: layer.connection,
    restored: inner(workspace, (now) => now?.restored),
    given: inner(workspace, (now) => now?.given),
    history: layer.history.refusal,
    reviewNews: inner(workspace, (now) => now?.reviewNews),
    outbox: {
      ...queue,
      sendAgain: async (n) => layer.require().sendAgain(n),
      dismiss: async (n) => layer.require().dismiss(n),
    },
    mutate: async (name, args, seen) => layer.require().mutate(name, args, seen),
    version: (collection, id) => workspace.get()?.version(collection, id) ?? null,
    rows: <N extends CollectionName>(name: N, filter: RowFilter<RowOf<N>>) =>
      rowsValue(workspace, name, filter),
    row: (name, id) => layer.rowOf(name, id),
    mergeLinks: merges.links,
    mark: (rowId) => workspace.get()?.mark(rowId) ?? "on-this-tablet",
    openChart: (patientId, under) => {
      const replica = workspace.get()?.replica.get();
      workspace
        .get()
        ?.opened(patientId, under)
        .catch((error: unknown) => console.error("an opened chart could not be reported", error));
      void replica?.want(patientId).then((fresh) => (fresh ? layer.sync() : undefined));
    },
    chartPresence: (patientId) => chartPresence(layer, patientId),
    awaiting: awaiting(layer),
    ofOthers: derived([layer.sealed, control.view], () => {
      const me = control.view.get().user?.id;
      return layer.sealed.get().filter((user) => user !== me).length;
    }),
    toDeliver: layer.toDeliver,
    storage: createValue<StorageView | null>(null),
    noRoom: options.database.noRoom,
    replica: () => workspace.get()?.replica.get() ?? null,
    newest: async () =>
      (await options.database.clients.toArray()).map(({ clientId, n }) => ({ clientId, n })),
    ...recording.surface,
    ask: (path, request) => layer.access.request(path, request),
    async file(path, type) {
      const response = await layer.access.open(path, type);
      return response.blob().catch((cause: unknown) => {
        throw new LocalError("offline", { cause });
      });
    },
    typing: (save) => layer.typing(save),
    keptWords: () => layer.kept,
    syncNow: () => layer.sync(),
    close: () => {
      merges.end();
      return layer.close();
    },
  };
}

const sessionSurface = (layer: LocalLayer, { control } = layer): Local["session"] => ({
  ...control.view,
  signIn: (words) => control.signIn(words).then(layer.signedIn),
  choosePassword: (words) => control.choosePassword(words),
  askAtDoor: (path, answer, body) => control.askAtDoor(path, answer, body),
  // The keys before a forgotten PIN are gone with the new one: what only they opened is the clinic's from now on.
  setPin: (pin) => control.setPin(pin).then(layer.signedIn),
  unlock: (pin) => control.unlock(pin),
  signInByPasskey: () => control.signInByPasskey().then(layer.signedIn),
  unlockByPasskey: () => control.unlockByPasskey(),
  addPasskey: (pin, make) => control.addPasskey(pin, make),
  dropPasskey: (credentialId) => control.dropPasskey(credentialId),
  changePin: (old, next) => control.changePin(old, next),
  lock: () => control.lock(),
  signOut: () => layer.signOut(),
  switchUser: (userId) => control.switchUser(userId),
  switchRole: (role) => control.switchRole(role),
  forgetPin: () => control.forgetPin(),
  askPassword: () => control.askPassword(),
  beginEmergency: (pin, reason) =>
    control.openEmergency({ pin, reason }, (args) =>
      layer.require().mutate("emergency-access.begin", { id: newId(), ...args }),
    ),
  useHere: () => control.useHere().then(() => layer.sync()),
  startAnew: () => control.startAnew(),
});

function chartPresence(layer: LocalLayer, patientId: string): Value<ChartPresence> {
  const { workspace, connection } = layer;
  const compute = (): ChartPresence => {
    const known = workspace.get()?.replica.get()?.presence(patientId) ?? "absent";
    if (known === "complete") return "on-this-tablet";
    return known !== "absent" && connection.reachable ? "arriving" : "not-on-this-tablet";
  };
  const streams = inner(
    inner(workspace, (now) => now?.replica),
    (now) => now?.streams,
  );
  return derived([connection, streams], compute);
}

function awaiting({ workspace }: LocalLayer): Value<boolean> {
  const stage = inner(
    inner(workspace, (now) => now?.replica),
    (now) => now?.stage,
  );
  return derived([stage], () => stage.get() === "awaiting");
}

export type { LocalLayer };
