// The product's own local layer, without its screens, in a page of the practice's origin.
import "#pwa/local/without-eval.ts";
import { newId } from "#domain/kernel/id.ts";
import { createLocal } from "#pwa/local/create-local.ts";
import { newKdfParameters } from "#pwa/local/keys/pin.ts";
import type { Local } from "#pwa/local/local.ts";
import { LocalDatabase } from "#pwa/local/store/database.ts";
import type { Value } from "#pwa/local/value.ts";
import { finderEntry, findPatients } from "#pwa/patient/finder/search.ts";
import { runAloneInBrowser } from "#pwa/session/access.ts";
import { createTabLock } from "#pwa/session/tab-lock.ts";
import { type Contestant, instantHere, type PageSettings, registration, timed } from "./contestant.ts";

const pin = "25081975";
const missing = async (): Promise<never> => {
  throw new Error("nothing is recorded in this benchmark");
};

let online = true;
const gate: typeof fetch = (input, init) =>
  online ? fetch(input, init) : Promise.reject(new TypeError("no network"));

const open = (): Promise<Local> =>
  createLocal({
    database: new LocalDatabase(),
    fetch: gate,
    origin: location.origin,
    alone: runAloneInBrowser,
    tab: createTabLock(navigator.locks),
    // The measured rows leave the derivation out: it is slow on purpose, and the same for everybody who has one.
    derive: async (_pin, _parameters, secret) => new Uint8Array(secret.slice(0, 32)),
    kdf: () => newKdfParameters(64, 1),
    deviceName: "Benchmark",
    microphone: missing,
    speaker: missing,
    send: missing,
    keepAwake: () => {},
  });

/** Resolves when a value is as wanted. */
function until<T>(value: Value<T>, wanted: (now: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    let stop = () => {};
    const look = () => {
      const now = value.get();
      if (!wanted(now)) return;
      resolve(now);
      stop();
    };
    stop = value.subscribe(look);
    look();
  });
}

class Jamemr implements Contestant {
  readonly #settings: PageSettings;
  #local: Local | null = null;
  #names: ReturnType<typeof finderEntry>[] = [];

  constructor(settings: PageSettings) {
    this.#settings = settings;
  }

  get #here(): Local {
    if (!this.#local) throw new Error("not open");
    return this.#local;
  }

  async firstSync() {
    this.#local = await open();
    const { username, password } = this.#settings;
    await this.#local.session.signIn({ username, password });
    const milliseconds = await timed(async () => {
      await this.#here.session.setPin(pin);
      await this.#here.syncNow();
      await this.#allSent();
    });
    const database = new LocalDatabase();
    const rows = await database.rows.count();
    database.close();
    return { milliseconds, rows };
  }

  async reopen() {
    return timed(async () => {
      this.#local = await open();
      const { users } = this.#local.session.get();
      if (users.length === 0) throw new Error("nobody works on this device");
      await this.#local.session.unlock(pin);
      await until(this.#list(), ({ rows }) => rows.length === 40);
    });
  }

  #list() {
    return this.#here.rows("appointment", {
      where: { start: { gte: this.#settings.from } },
      sort: "start",
      limit: 40,
    });
  }

  dayList() {
    return timed(() => until(this.#list(), ({ rows }) => rows.length === 40));
  }

  async nameSearch(letters: string) {
    if (this.#names.length === 0) {
      const patients = await until(this.#here.rows("patient", {}), ({ ready }) => ready);
      this.#names = patients.rows.map((patient) => finderEntry(patient));
    }
    return timed(async () => {
      if (findPatients(this.#names, letters, "2027-01-12").length === 0)
        throw new Error(`nobody found for ${letters} among ${this.#names.length}`);
    });
  }

  write(index: number) {
    return timed(() => this.#register(`w${index}`));
  }

  #register(mark: string) {
    return this.#here.mutate("patient.register", { id: newId(), ...registration(mark) });
  }

  #allSent() {
    return until(this.#here.outbox, (items) => items.length === 0);
  }

  async backlog(count: number) {
    await this.#here.syncNow();
    await this.#allSent();
    online = false;
    for (let i = 0; i < count; i++) await this.#register(`b${i}`);
    online = true;
    return timed(async () => {
      await this.#here.syncNow();
      await this.#allSent();
    });
  }

  async send(mark: string) {
    const at = instantHere();
    await this.#register(mark);
    return at;
  }

  async receive(mark: string) {
    await until(
      this.#here.rows("patient", { where: { familyName: registration(mark).familyName } }),
      ({ rows }) => rows.length > 0,
    );
    return instantHere();
  }
}

window.contestant = (settings) => new Jamemr(settings);
