import { after, sleep } from "#domain/kernel/clock.ts";
import { type LiveEvent, type PullResult, pullResultSchema } from "#domain/sync/protocol.ts";
import { type Access, endsSession } from "../../session/access.ts";
import type { Api } from "../../session/api.ts";
import { ApiError } from "../../session/api-error.ts";
import type { Workspace } from "../workspace.ts";
import { backoff } from "./backoff.ts";
import type { HistoryWitness, Taken } from "./history.ts";
import { listen } from "./live.ts";
import { nextBatch, pushBatch } from "./push.ts";
import type { Replica } from "./replica.ts";

/** Milliseconds between pulls when no live stream tells us better. */
const POLL = 30_000;
/** Rows asked for in one page. */
const PAGE = 1000;

export interface EngineEvents {
  /** The clinic wants a password; `unknown`: it only does not know this browser, and holds nothing against the person. */
  readonly onReauth: (unknown: boolean) => void;
  /** The person has no access to the clinic any more. */
  readonly onAccessEnded: () => void;
  /** The clinic asks this device to destroy what it holds. */
  readonly onWipe: () => void;
  readonly onCycle: () => Promise<void>;
  /** The clinic went back to a backup, and everything is offered to it again. */
  readonly onRestored: () => void;
  /** Judges what the clinic shows of its audit log. */
  readonly witness: () => Promise<Pick<HistoryWitness, "admit" | "check" | "checkAnew">>;
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
    if (error instanceof ApiError && error.code === "access_ended") {
      this.#events.onAccessEnded();
      return POLL;
    }
    if (endsSession(error)) {
      this.#events.onReauth(error instanceof ApiError && error.code === "unauthenticated");
      return POLL;
    }
    const asked = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
    return Math.max(asked, backoff(this.#failures++));
  }

  async #cycle(signal: AbortSignal): Promise<void> {
    await this.#workspace.replica.get()?.tidy();
    await this.#workspace.storeAnswers();
    let waits = false;
    try {
      await (await this.#events.witness()).admit(this.#taken(), signal);
      waits = await this.#push(signal);
      await this.#pull(signal);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "epoch_mismatch")) throw error;
      await (await this.#events.witness()).checkAnew(this.#taken(), signal);
      await this.#startAnew();
      await this.#pull(signal);
    }
    // Answers that came with the pull may have freed the queue.
    if (!waits && nextBatch(this.#workspace.entries.get()).length > 0) this.#again = true;
  }

  /** @returns whether the clinic cannot take the rest yet */
  async #push(signal: AbortSignal): Promise<boolean> {
    for (let behind = false; ; ) {
      if (signal.aborted) return false;
      const batch = nextBatch(this.#workspace.entries.get());
      const first = batch[0]?.mutation.n;
      if (first === undefined) return false;
      const author = this.#workspace.author();
      const epoch = this.#workspace.replica.get()?.cursor.epoch ?? author.epoch;
      const { results, lastN, waits } = await pushBatch(
        this.#access,
        {
          epoch,
          clientId: author.clientId,
          mutations: batch.map(({ mutation }) => mutation),
          ...((behind || batch.some((entry) => entry.epoch !== epoch)) && {
            givenBack: await this.#workspace.givenBack(batch, epoch),
          }),
        },
        signal,
      );
      const answered = await this.#workspace.answered(results);
      this.#workspace.waitsFor(waits);
      if (waits) return true;
      if (answered > 0) continue;
      // The clinic knows less than it had acknowledged: it went back to a backup.
      if (behind || lastN >= first - 1) throw new Stalled("no entry was answered");
      behind = true;
      await this.#workspace.requeue({ lastN });
    }
  }

  #taken(): Taken | null {
    return this.#workspace.replica.get()?.cursor ?? null;
  }

  #ask(position: ReturnType<Replica["position"]>, signal: AbortSignal): Promise<PullResult> {
    const { clientId } = this.#workspace.author();
    return this.#access.request("/api/sync/pull", {
      method: "POST",
      body: { ...position, clientId, limit: this.#page },
      answer: pullResultSchema,
      signal,
    });
  }

  /** Fetches page after page; while one is sealed and stored, the next is on its way. */
  async #pull(signal: AbortSignal): Promise<void> {
    let coming: Promise<PullResult> | null = null;
    for (;;) {
      const replica = this.#workspace.replica.get();
      if (replica?.reading !== "all" || signal.aborted) return;
      const { cursor, epoch } = replica.cursor;
      const answer = await (coming ?? this.#ask(replica.position(), signal));
      const page: PullResult = { ...answer, results: this.#workspace.own(answer.results) };
      coming = null;
      if (signal.aborted) return;
      if (epoch !== null && page.epoch !== epoch) {
        await (await this.#events.witness()).check(page, signal);
        await this.#startAnew();
        continue;
      }
      await (await this.#events.witness()).check(page, signal);
      if (signal.aborted) return;
      this.#workspace.restored.set(page.restored ?? null);
      // Before anything of the epoch is stored: a tab that dies here looks at it again.
      if (epoch === null) await this.#workspace.requeue(page);
      const prepared = await replica.prepare(page);
      if (page.more && !signal.aborted) {
        coming = this.#ask(replica.position(prepared), signal);
        coming.catch(() => {}); // heard when its turn comes, or of no interest any more
      }
      const { clinicNow } = this.#workspace;
      await replica.apply(page, prepared, clinicNow(), (settled) => this.#workspace.forget(settled));
      await this.#workspace.learn(page.results);
      if (!page.more && !replica.incomplete) return;
      if (page.more && page.rows.length === 0 && page.cursor === cursor)
        throw new Stalled("a page brought nothing");
    }
  }

  /** The clinic's records were restored: fetch everything again, keep the queue, send what the backup missed. */
  async #startAnew(): Promise<void> {
    await this.#workspace.replica.get()?.restart();
    this.#events.onRestored();
  }

  async #listen(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const onOpen = () => {
        failures = 0;
        this.#newsOfReview(); // what changed while nobody listened
        void this.sync();
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

  #newsOfReview(): void {
    const { reviewNews } = this.#workspace;
    reviewNews.set(reviewNews.get() + 1);
  }

  #heard(event: LiveEvent): void {
    if (event.type === "review") this.#newsOfReview();
    else if (event.type === "wipe") this.#events.onWipe();
    else if (event.type === "reauth") {
      this.#access.drop();
      void this.sync();
    } else if (event.type === "change" && event.head !== undefined) this.#heardOf(event.head);
    else void this.sync();
  }

  /** One commit is told for each of its streams; a cycle that runs may bring it, and only then is another one needed. */
  #heardOf(head: number): void {
    const missing = () => (this.#workspace.replica.get()?.cursor.cursor ?? 0) < head;
    if (!missing()) return;
    if (!this.#running) void this.sync();
    else
      void this.#running
        .catch(() => {})
        .then(() => {
          if (missing() && !this.#stop.signal.aborted) void this.sync();
        });
  }
}
