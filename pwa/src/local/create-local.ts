import { after } from "#domain/kernel/clock.ts";
import type { CollectionName, RowOf } from "#domain/registry.ts";
import type { Session } from "#domain/sync/session.ts";
import { Outbox } from "../outbox/outbox.ts";
import type { Microphone, Speaker } from "../recording/devices.ts";
import { createLateRecording } from "../recording/late-recording.ts";
import type { SendPart } from "../recording/upload.ts";
import { Access, endsSession, type RunAlone } from "../session/access.ts";
import { createApi } from "../session/api.ts";
import { SessionControl } from "../session/session-control.ts";
import type { TabLock } from "../session/tab-lock.ts";
import type { DeriveFromPin, KdfParameters } from "./keys/pin.ts";
import type { ChartPresence, Local, OutboxItem, RowAndMark, RowFilter } from "./local.ts";
import { LocalError } from "./local-error.ts";
import { followMergeLinks } from "./merge-links.ts";
import { rowsValue, rowValue } from "./row-values.ts";
import type { LocalDatabase } from "./store/database.ts";
import { backoff } from "./sync/backoff.ts";
import { createConnection, type OfflineMemory } from "./sync/connection.ts";
import { SyncEngine } from "./sync/engine.ts";
import { deliver } from "./sync/push.ts";
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

/** Milliseconds between looks at sealed work that waits while nobody is signed in. */
const DELIVER_EVERY = 30_000;

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
  #engine: SyncEngine | null = null;
  #stopping: Promise<void> = Promise.resolve();
  #endEntries = () => {};
  #cancelDeliver = () => {};
  #deliverFailures = 0;
  #ended = false;
  onUnlocked: () => void = () => {};
  onClosing: () => Promise<void> = async () => {};
  onEnd: () => Promise<void> = async () => {};

  constructor(options: LocalOptions) {
    this.options = options;
    this.connection = createConnection(options.offlineMemory);
    this.api = createApi({
      fetch: options.fetch,
      base: options.origin,
      onAnswer: (skew) => this.connection.answered(skew),
      onSilence: () => this.connection.silent(),
    });
    this.access = new Access(this.api, options.alone, (session: Session) => this.control.confirmed(session));
    this.outbox = new Outbox(options.database);
    this.control = new SessionControl({
      ...options,
      access: this.access,
      skew: () => this.connection.get().clockSkew ?? 0,
    });
  }

  async start(): Promise<void> {
    await this.control.start({
      onOpen: (readable) => this.#open(readable),
      onClose: () => this.#close(),
      onReadable: (readable) => this.#readable(readable),
    });
    this.#deliverLater(0);
  }

  async #open(readable: boolean): Promise<void> {
    await this.#stopping;
    const workspace = new Workspace(
      this.options.database,
      this.outbox,
      () => this.control.author(),
      () => void this.sync(),
    );
    await workspace.reloadEntries();
    this.#endEntries = workspace.entries.subscribe(() => this.#count());
    const replica = readable ? await this.#openReplica(workspace) : null;
    this.workspace.set(workspace);
    this.#count();
    const events = {
      onReauth: (unknown: boolean) => (unknown ? this.control.wantSignIn() : this.control.reauth()),
      onWipe: () => void this.control.wipe(),
      onCycle: () => this.control.tick(),
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

  async #openReplica(workspace: Workspace): Promise<Replica> {
    const { keyring, clientId } = workspace.author();
    const replica = await Replica.open(this.options.database, keyring, clientId);
    await workspace.show(replica);
    return replica;
  }

  async #readable(readable: boolean): Promise<void> {
    const workspace = this.workspace.get();
    const replica = workspace?.replica.get();
    if (!workspace || readable === (replica !== null)) return;
    if (readable) {
      const opened = await this.#openReplica(workspace);
      await opened.load();
      void this.#engine?.sync();
    } else {
      workspace.replica.set(null);
      await replica?.close();
    }
  }

  async #close(): Promise<void> {
    await this.onClosing();
    const workspace = this.workspace.get();
    const replica = workspace?.replica.get();
    this.#stopping = this.#engine?.stop() ?? Promise.resolve();
    this.#engine = null;
    this.#endEntries();
    workspace?.replica.set(null);
    this.workspace.set(null);
    this.queue.set([]);
    await replica?.close();
    this.#deliverLater(0);
  }

  #count(): void {
    const workspace = this.workspace.get();
    const items = workspace?.items() ?? [];
    this.queue.set(items);
    const attention = items.filter(({ status }) => status === "refused").length;
    const reports = workspace?.reports() ?? 0;
    this.connection.counts({ waiting: items.length - attention, attention, reports });
  }

  /** What nobody here can send in their own name (locked, ended, somebody else's), the device itself delivers. */
  #deliverLater(wait: number): void {
    this.#cancelDeliver();
    if (this.#ended) return;
    this.#cancelDeliver = after(wait, async () => {
      if (this.#ended || this.control.view.get().state === "elsewhere") return;
      this.#deliverLater(await this.#deliver());
    });
  }

  /** Whether the person who works here sends in her own name. */
  #sendsItself(): boolean {
    const { state, signInWanted } = this.control.view.get();
    return state === "unlocked" && !signInWanted;
  }

  async #deliver(): Promise<number> {
    const { database, origin } = this.options;
    const { api, outbox } = this;
    try {
      const workspace = this.workspace.get();
      const mine = workspace && this.#sendsItself() ? workspace.author().clientId : null;
      const waiting = (await outbox.undelivered()).filter(({ clientId }) => clientId !== mine);
      if (!workspace) this.connection.counts({ waiting: waiting.length, attention: 0, reports: 0 });
      if (waiting.length === 0) return DELIVER_EVERY;
      const device = this.control.device;
      const answers = await deliver({ api, database, device, origin }, waiting, async (clientId, results) => {
        if (this.workspace.get()?.author().clientId === clientId) await this.workspace.get()?.learn(results);
      });
      this.#deliverFailures = 0;
      return answers > 0 ? 0 : DELIVER_EVERY;
    } catch (error) {
      if (!this.#ended && !(error instanceof LocalError) && !endsSession(error))
        console.warn("delivery was refused", error);
      return Math.max(backoff(this.#deliverFailures++), 5000);
    }
  }

  sync(): Promise<void> {
    this.#deliverLater(0);
    return this.#engine?.sync() ?? Promise.resolve();
  }

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
    this.#ended = true;
    this.#cancelDeliver();
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
  const merges = followMergeLinks(workspace);
  await layer.start();
  return {
    session: sessionSurface(control),
    connection: layer.connection,
    outbox: {
      ...queue,
      sendAgain: async (n) => layer.require().sendAgain(n),
      dismiss: async (n) => layer.require().dismiss(n),
    },
    mutate: async (name, args) => layer.require().mutate(name, args),
    rows: <N extends CollectionName>(name: N, filter: RowFilter<RowOf<N>>) =>
      rowsValue(workspace, name, filter),
    row: (name, id) => layer.rowOf(name, id),
    mergeLinks: merges.links,
    mark: (rowId) => workspace.get()?.mark(rowId) ?? "on-this-tablet",
    openChart: (patientId) => {
      const replica = workspace.get()?.replica.get();
      workspace
        .get()
        ?.opened(patientId)
        .catch((error: unknown) => console.error("an opened chart could not be reported", error));
      void replica?.want(patientId).then((fresh) => (fresh ? layer.sync() : undefined));
    },
    chartPresence: (patientId) => chartPresence(layer, patientId),
    ...recording.surface,
    ask: (path, request) => layer.access.request(path, request),
    typing: () => layer.connection.typing(),
    syncNow: () => layer.sync(),
    close: () => {
      merges.end();
      return layer.close();
    },
  };
}

const sessionSurface = (control: SessionControl): Local["session"] => ({
  ...control.view,
  signIn: (words) => control.signIn(words),
  choosePassword: (words) => control.choosePassword(words),
  setPin: (pin) => control.setPin(pin),
  unlock: (pin) => control.unlock(pin),
  changePin: (old, next) => control.changePin(old, next),
  lock: () => control.lock(),
  signOut: () => control.signOut(),
  switchUser: (userId) => control.switchUser(userId),
  switchRole: (role) => control.switchRole(role),
  forgetPin: () => control.forgetPin(),
  askPassword: () => control.askPassword(),
  useHere: () => control.useHere(),
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

export type { LocalLayer };
