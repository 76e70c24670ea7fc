import { after, instantNow, sleep } from "#domain/kernel/clock.ts";
import { type LiveEvent, type PullResult, pullResultSchema } from "#domain/sync/protocol.ts";
import { type Access, endsSession } from "../../session/access.ts";
import type { Api } from "../../session/api.ts";
import { ApiError } from "../../session/api-error.ts";
import type { Workspace } from "../workspace.ts";
import { backoff } from "./backoff.ts";
import { listen } from "./live.ts";
import { nextBatch, pushBatch } from "./push.ts";

/** Milliseconds between pulls when no live stream tells us better. */
const POLL = 30_000;
/** Rows asked for in one page. */
const PAGE = 1000;

export interface EngineEvents {
  /** The session is over: the password is needed. */
  /** The clinic wants a password; `unknown`: it only does not know this browser, and holds nothing against the person. */
  readonly onReauth: (unknown: boolean) => void;
  /** The clinic asks this device to destroy what it holds. */
  readonly onWipe: () => void;
  readonly onCycle: () => Promise<void>;
}

/** The clinic answered without getting any further and did not say why: try again later. */
class Stalled extends Error {}

/**
 * Keeps one unlocked person's device and the clinic alike: pushes the queue, pulls the log, listens for changes. One
 * cycle runs at a time; whatever asks for another during it gets one right after. A failure waits and tries again, for
 * ever; nothing is dropped.
 */
export class SyncEngine {
  readonly #workspace: Workspace;
  readonly #access: Access;
  readonly #api: Api;
  readonly #events: EngineEvents;
  #running: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #cancelTimer = () => {};
  #stop = new AbortController();
  #restored = false;
  readonly #page: number;

  constructor(workspace: Workspace, access: Access, api: Api, events: EngineEvents, page = PAGE) {
    this.#page = page;
    this.#workspace = workspace;
    this.#access = access;
    this.#api = api;
    this.#events = events;
  }

  start(): void {
    this.#stop = new AbortController();
    void this.sync();
    void this.#listen(this.#stop.signal);
  }

  /** Ends requests in flight; what a cycle has on its hands is still written. */
  stop(): Promise<void> {
    this.#stop.abort();
    this.#cancelTimer();
    return this.#running?.catch(() => {}) ?? Promise.resolve();
  }

  /** Runs a cycle now (or right after the running one) and resolves when it is over, well or not. */
  sync(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#again && !this.#stop.signal.aborted) void this.sync(); // asked for at the very end
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    this.#cancelTimer();
    const { signal } = this.#stop;
    let wait = POLL;
    while (this.#again && !signal.aborted) {
      this.#again = false;
      try {
        await this.#cycle(signal);
        this.#failures = 0;
        wait = POLL;
        await this.#workspace.dropOldSent();
      } catch (error) {
        wait = this.#failed(error);
      }
      await this.#events.onCycle().catch(() => {});
    }
    if (!signal.aborted) this.#cancelTimer = after(wait, () => void this.sync());
  }

  /** How long to wait after a failure. */
  #failed(error: unknown): number {
    if (endsSession(error)) {
      this.#events.onReauth(error instanceof ApiError && error.code === "unauthenticated");
      return POLL;
    }
    const asked = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
    return Math.max(asked, backoff(this.#failures++));
  }

  async #cycle(signal: AbortSignal): Promise<void> {
    try {
      await this.#push(signal);
      await this.#pull(signal);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "epoch_mismatch")) throw error;
      await this.#startAnew();
      await this.#pull(signal);
    }
    // Answers that came with the pull may have freed the queue.
    if (nextBatch(this.#workspace.entries.get()).length > 0) this.#again = true;
  }

  async #push(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) return;
      const batch = nextBatch(this.#workspace.entries.get());
      if (batch.length === 0) return;
      const { clientId, epoch } = this.#workspace.author();
      const { results } = await pushBatch(
        this.#access,
        {
          epoch: this.#workspace.replica.get()?.cursor.epoch ?? epoch,
          clientId,
          mutations: batch.map(({ mutation }) => mutation),
        },
        signal,
      );
      if ((await this.#workspace.answered(results)) === 0) throw new Stalled("no entry was answered");
    }
  }

  async #pull(signal: AbortSignal): Promise<void> {
    for (;;) {
      const replica = this.#workspace.replica.get();
      if (!replica || signal.aborted) return;
      const { cursor, epoch, scopeHash, want } = replica.cursor;
      const page: PullResult = await this.#access.request("/api/sync/pull", {
        method: "POST",
        body: {
          epoch,
          clientId: this.#workspace.author().clientId,
          cursor,
          scopeHash,
          // A stream of which nothing has come yet is not held: null would say that it is complete.
          held: replica.streams
            .get()
            .filter(({ complete, after: last }) => complete || last !== null)
            .map(({ stream, generation, after: last }) => [stream, generation, last]),
          want,
          limit: this.#page,
        },
        answer: pullResultSchema,
        signal,
      });
      if (signal.aborted) return;
      if (epoch !== null && page.epoch !== epoch) {
        await this.#startAnew();
        continue;
      }
      if (this.#restored) {
        this.#restored = false;
        await this.#workspace.requeue(page.lastN);
      }
      const settled = await replica.apply(page, instantNow());
      await this.#workspace.learn(page.results);
      this.#workspace.forget(settled);
      if (!page.more) return;
      if (page.rows.length === 0 && page.cursor === cursor) throw new Stalled("a page brought nothing");
    }
  }

  /** The clinic's records were restored: fetch everything again, keep the queue, send what the backup missed. */
  async #startAnew(): Promise<void> {
    await this.#workspace.replica.get()?.restart();
    this.#restored = true;
  }

  async #listen(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const onOpen = () => {
        failures = 0;
        void this.sync(); // what changed while nobody listened
      };
      const onEvent = (event: LiveEvent) => this.#heard(event);
      try {
        await listen(this.#api, await this.#access.authorization(), { onOpen, onEvent }, signal);
      } catch (error) {
        if (endsSession(error)) this.#access.drop();
      }
      if (signal.aborted) return;
      await sleep(backoff(failures++), signal);
    }
  }

  #heard(event: LiveEvent): void {
    if (event.type === "wipe") this.#events.onWipe();
    else if (event.type === "reauth") {
      this.#access.drop();
      void this.sync();
    } else if (
      event.type === "scope" ||
      (event.head ?? Infinity) > (this.#workspace.replica.get()?.cursor.cursor ?? 0)
    )
      void this.sync();
  }
}
