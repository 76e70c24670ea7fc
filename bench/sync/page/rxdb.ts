// RxDB over Dexie with its HTTP replication handlers, plain rows and the browser's relaxed durability, as its own guide sets it up.
import { createRxDatabase, type RxCollection, type RxDatabase, type RxJsonSchema } from "rxdb/plugins/core";
import { type RxReplicationState, replicateRxCollection } from "rxdb/plugins/replication";
import { getRxStorageDexie } from "rxdb/plugins/storage-dexie";
import { Subject } from "rxjs";
import {
  type Contestant,
  type Doc,
  instantHere,
  type PageSettings,
  registration,
  timed,
} from "./contestant.ts";

interface Checkpoint {
  seq: number;
}

const text = (maxLength: number) => ({ type: "string" as const, maxLength });

const schema: RxJsonSchema<Doc> = {
  version: 0,
  primaryKey: "id",
  type: "object",
  properties: {
    id: text(100),
    kind: text(30),
    start: text(30),
    name: text(80),
    data: { type: "object" },
  },
  required: ["id", "kind", "start", "name", "data"],
  indexes: [
    ["kind", "start"],
    ["kind", "name"],
  ],
};

const json = { "content-type": "application/json" };

class Rxdb implements Contestant {
  readonly #settings: PageSettings;
  #database: RxDatabase | null = null;
  #rows: RxCollection<Doc> | null = null;
  #replication: RxReplicationState<Doc, Checkpoint> | null = null;
  #online: Promise<void> = Promise.resolve();

  constructor(settings: PageSettings) {
    this.#settings = settings;
  }

  get #collection(): RxCollection<Doc> {
    if (!this.#rows) throw new Error("not open");
    return this.#rows;
  }

  async #open() {
    this.#database = await createRxDatabase({ name: "bench", storage: getRxStorageDexie() });
    const { rows } = await this.#database.addCollections<{ rows: RxCollection<Doc> }>({ rows: { schema } });
    this.#rows = rows;
  }

  #replicate(): RxReplicationState<Doc, Checkpoint> {
    const events = new Subject<"RESYNC">();
    const source = new EventSource("/rx/events");
    source.onmessage = () => events.next("RESYNC");
    this.#replication = replicateRxCollection<Doc, Checkpoint>({
      collection: this.#collection,
      replicationIdentifier: "bench",
      live: true,
      waitForLeadership: false,
      retryTime: 200,
      pull: {
        batchSize: 1000,
        stream$: events.asObservable(),
        handler: async (checkpoint, limit) =>
          (await fetch(`/rx/pull?since=${checkpoint?.seq ?? 0}&limit=${limit}`)).json(),
      },
      push: {
        batchSize: 100,
        handler: async (rows) => {
          await this.#online;
          return (
            await fetch("/rx/push", { method: "POST", headers: json, body: JSON.stringify(rows) })
          ).json();
        },
      },
    });
    return this.#replication;
  }

  async firstSync() {
    await this.#open();
    const milliseconds = await timed(async () => {
      await this.#replicate().awaitInitialReplication();
    });
    await this.#replication?.awaitInSync();
    return { milliseconds, rows: await this.#collection.count().exec() };
  }

  reopen() {
    return timed(async () => {
      await this.#open();
      if ((await this.#list()).length !== 40) throw new Error("not 40 appointments");
    });
  }

  #list() {
    return this.#collection
      .find({
        selector: { kind: "appointment", start: { $gte: this.#settings.from } },
        sort: [{ kind: "asc" }, { start: "asc" }],
        limit: 40,
      })
      .exec();
  }

  async dayList() {
    const milliseconds = await timed(() => this.#list());
    this.#forgetQueries();
    return milliseconds;
  }

  async nameSearch(letters: string) {
    const milliseconds = await timed(async () => {
      const found = await this.#collection
        .find({
          selector: { kind: "patient", name: { $gte: letters, $lt: `${letters}\uffff` } },
          sort: [{ kind: "asc" }, { name: "asc" }],
          limit: 40,
        })
        .exec();
      if (found.length === 0) throw new Error("nobody found");
    });
    this.#forgetQueries();
    return milliseconds;
  }

  /** A query that was just asked is answered from memory; what is measured is the first time, on both sides. */
  #forgetQueries() {
    this.#collection._queryCache._map.clear();
  }

  async write(index: number) {
    if (!this.#rows) await this.#open();
    return timed(() => this.#register(`w${index}`));
  }

  #doc(mark: string): Doc {
    const data = registration(mark);
    return {
      id: `patient|${crypto.randomUUID()}`,
      kind: "patient",
      start: "",
      name: data.familyName,
      data,
    };
  }

  #register(mark: string) {
    return this.#collection.insert(this.#doc(mark));
  }

  async backlog(count: number) {
    await this.#replication?.awaitInSync();
    // A push that waits instead of failing goes on at once, without the pause of a retry.
    let goOnline = () => {};
    this.#online = new Promise((resolve) => {
      goOnline = resolve;
    });
    for (let i = 0; i < count; i++) await this.#register(`b${i}`);
    return timed(async () => {
      goOnline();
      await this.#replication?.awaitInSync();
    });
  }

  async send(mark: string) {
    const at = instantHere();
    await this.#register(mark);
    return at;
  }

  async receive(mark: string) {
    const { familyName } = registration(mark);
    await new Promise<void>((resolve) => {
      const query = this.#collection.find({ selector: { kind: "patient", name: familyName } });
      const watch = query.$.subscribe((found) => {
        if (found.length === 0) return;
        resolve();
        queueMicrotask(() => watch.unsubscribe());
      });
    });
    return instantHere();
  }
}

window.contestant = (settings) => new Rxdb(settings);
