import { AsyncLocalStorage } from "node:async_hooks";
import { join } from "node:path";
import { createApp } from "#server/app.ts";
import { type Checkpoints, openCheckpoints } from "#server/audit/checkpoints.ts";
import type { Ledger, LedgerTransaction } from "#server/database/ledger.ts";
import { type OpenPractice, openPractice } from "#server/practice/open-practice.ts";
import type { FaultCounts, ServerKill } from "./faults.ts";
import type { Home } from "./home.ts";
import type { PlayedClock } from "./played-clock.ts";
import { realWait } from "./real-wait.ts";
import { practiceOptions } from "./world.ts";

export const origin = "http://localhost:8080";

/** What a request meets when the server dies under it: nothing comes back. */
export class ConnectionLost extends TypeError {
  constructor() {
    super("connection lost");
  }
}

/** Pulls from one signed head of the log to the next. */
const PULLS_SIGNED = 5;

interface Running {
  readonly practice: OpenPractice;
  readonly checkpoints: Checkpoints;
  readonly app: ReturnType<typeof createApp>;
  /** Rejects when this server dies. */
  readonly death: Promise<never>;
  readonly die: () => void;
  dead: boolean;
  /** Requests whose handlers have not returned yet, whoever still waits for them. */
  readonly handlers: Set<Promise<unknown>>;
}

/**
 * The real server on a real database, without sockets. It can be killed inside a transaction (which then aborts) or
 * after the commit and before the reply; a new one is then opened on the same database.
 */
export class PlayedServer {
  readonly #home: Home;
  readonly #counts: FaultCounts;
  readonly #clock: PlayedClock;
  readonly #deviceRows: number | null;
  #running: Running | null = null;
  #kill: { point: ServerKill["point"]; left: number } | null = null;
  /** The next push is held between its last statement and its commit, so that others overtake it. */
  holdNext = false;
  /** For planted bugs: something done to every writing transaction before its work. */
  tamper: ((tx: LedgerTransaction) => void) | null = null;
  #pulls = 0;
  #overtaken: "no" | "committed" | "seen" = "no";
  readonly #path = new AsyncLocalStorage<string>();

  /** @param deviceRows records that a device keeps; null where all of them fit */
  constructor(home: Home, counts: FaultCounts, clock: PlayedClock, deviceRows: number | null) {
    this.#deviceRows = deviceRows;
    this.#home = home;
    this.#counts = counts;
    this.#clock = clock;
  }

  get practice(): OpenPractice {
    if (!this.#running) throw new Error("the server is not running");
    return this.#running.practice;
  }

  /** The signed heads of this play's log. */
  get checkpoints(): Checkpoints {
    if (!this.#running) throw new Error("the server is not running");
    return this.#running.checkpoints;
  }

  async open(): Promise<void> {
    const { folder, database, world } = this.#home;
    const practice =
      this.#home.practice ?? (await openPractice(practiceOptions(folder, database, world.practiceId)));
    this.#home.practice = practice;
    let die = () => {};
    const death = new Promise<never>((_, reject) => {
      die = () => reject(new ConnectionLost());
    });
    death.catch(() => {});
    const handlers: Running["handlers"] = new Set();
    const ledger = this.#guarded(practice.ledger, () => running);
    const { config, keys, epoch } = practice;
    // The practice may have served another play, whose log was another one.
    const checkpoints = await openCheckpoints({
      database: practice.database,
      keys,
      epoch,
      practiceId: world.practiceId,
      mirror: join(folder, "mirror"),
    });
    const app = createApp(
      {
        ...practice,
        ledger,
        checkpoints,
        config: { ...config, JAMEMR_DEVICE_ROWS: this.#deviceRows ?? config.JAMEMR_DEVICE_ROWS },
      },
      { addresses: () => ({ httpPort: 8080, httpsPort: 8443, names: [] }) },
    );
    const running: Running = { practice, checkpoints, app, death, die, dead: false, handlers };
    this.#running = running;
  }

  /** Sets the next death; it happens only if enough transactions come. */
  arm(kill: ServerKill | null): void {
    this.#kill = kill && { point: kill.point, left: kill.transaction };
  }

  #guarded(real: Ledger, running: () => Running): Ledger {
    const point = (where: ServerKill["point"]) => {
      const server = running();
      if (server.dead) throw new ConnectionLost();
      if (this.#kill?.point !== where || --this.#kill.left > 0) return;
      this.#kill = null;
      this.#counts.F14++;
      server.dead = true;
      server.die();
      throw new ConnectionLost();
    };
    return {
      ...real,
      transact: async (work, close) => {
        const done = await real.transact(async (tx) => {
          this.tamper?.(tx);
          const result = await work(tx);
          await this.#holdBack();
          point("commit");
          return result;
        }, close);
        point("reply");
        return done;
      },
    };
  }

  /**
   * Keeps one push between its statements and its commit until another push has committed and somebody has pulled, or
   * nobody comes, or it takes too long (they may wait for this one's locks).
   */
  async #holdBack(): Promise<void> {
    if (!this.holdNext || this.#path.getStore() !== "/api/sync/push") return;
    this.holdNext = false;
    this.#overtaken = "no";
    const patience = performance.now() + 400;
    for (let alone = 0; alone < 4 && performance.now() < patience && !this.#isOvertaken(); ) {
      await realWait(3);
      alone = (this.#running?.handlers.size ?? 0) > 1 ? 0 : alone + 1;
    }
    if (this.#isOvertaken()) this.#counts.F17++;
  }

  #isOvertaken(): boolean {
    return this.#overtaken === "seen";
  }

  #passed(path: string): void {
    if (path === "/api/sync/push" && this.#overtaken === "no") this.#overtaken = "committed";
    else if (path === "/api/sync/pull" && this.#overtaken === "committed") this.#overtaken = "seen";
  }

  /** Until every request that was let in has been answered, also those whose tabs no longer wait for it. */
  async idle(): Promise<void> {
    await Promise.all(this.#running?.handlers ?? []);
  }

  /** The number of the newest commit. */
  async head(): Promise<number> {
    const [row]: { head: string }[] = await this.practice.database.em
      .fork()
      .execute("select max(seq) as head from audit_log");
    return Number(row?.head);
  }

  /** One request through the whole server. @throws {ConnectionLost} when the server is or gets killed */
  async fetch(request: Request): Promise<Response> {
    const server = this.#running;
    if (!server || server.dead) throw new ConnectionLost();
    const path = new URL(request.url).pathname;
    if (path === "/api/sync/pull" && ++this.#pulls % PULLS_SIGNED === 0)
      await this.#clock.by(null, () => server.checkpoints.make());
    const handled = this.#path.run(path, () =>
      this.#clock.by(null, () => Promise.resolve(server.app.fetch(request))),
    );
    const settled = handled.catch(() => {});
    server.handlers.add(settled);
    void settled.then(() => server.handlers.delete(settled));
    const response = await Promise.race([handled, server.death]);
    if (server.dead) throw new ConnectionLost();
    this.#passed(path);
    response.headers.set("date", new Date(this.#clock.now).toUTCString()); // as the server's sockets say it
    return response;
  }

  /** Brings a killed server back on the same database. */
  async revive(): Promise<void> {
    this.#kill = null;
    const server = this.#running;
    if (server && !server.dead) return;
    await this.close();
    await this.open();
  }

  /** Stops the server, does something to its database, and starts another one on it. */
  async restartAfter(work: () => Promise<void>): Promise<void> {
    await this.idle();
    const server = this.#running;
    if (server) {
      server.dead = true;
      server.die();
    }
    await this.close();
    await work();
    await this.open();
  }

  /** Ends a killed server for good; one that lives is left to the next seed. */
  async close(): Promise<void> {
    const server = this.#running;
    this.#running = null;
    if (!server) return;
    await Promise.all(server.handlers);
    if (!server.dead) return;
    this.#home.practice = null;
    await server.practice.close();
  }
}
