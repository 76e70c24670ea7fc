import { AsyncLocalStorage } from "node:async_hooks";
import { useClock } from "#domain/kernel/clock.ts";
import type { Random } from "./random.ts";

/** The reactive layer is loaded this long after an unlock; see {@link PlayedClock}. */
const REACTIVE_LAYER = 1500;

/** What one tablet's own clock shows beside the true time, in milliseconds. The clinic's clock is the true one. */
export interface OwnClock {
  ahead: number;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/**
 * The process's clock while a seed is played. Time passes only when the simulator says so, and timers run only then, in
 * their order. One kind is withheld: RxDB allows too few open collections for several tablets in one process, so the
 * tablets go on reading from the maps that the reactive layer would take over.
 */
export class PlayedClock {
  #now: number;
  #order = 0;
  readonly #timers = new Map<number, Timer>();
  readonly #restore: () => void;
  readonly #own = new AsyncLocalStorage<OwnClock | null>();

  constructor(start: number, random: Random) {
    this.#now = start;
    this.#restore = useClock({
      now: () => this.#now + (this.#own.getStore()?.ahead ?? 0),
      after: (milliseconds, task) => this.#after(milliseconds, task),
      randomBytes: (length) => random.bytes(length),
    });
  }

  /** The true time. */
  get now(): number {
    return this.#now;
  }

  /** Does something by the clock of one tablet, or by the true one; what it sets going later keeps that clock. */
  by<T>(clock: OwnClock | null, work: () => T): T {
    return this.#own.run(clock, work);
  }

  #after(milliseconds: number, task: () => void): () => void {
    if (milliseconds === REACTIVE_LAYER) return () => {};
    const order = ++this.#order;
    const clock = this.#own.getStore() ?? null;
    const at = this.#now + Math.max(0, milliseconds);
    this.#timers.set(order, { at, order, task: () => this.by(clock, task) });
    return () => void this.#timers.delete(order);
  }

  /** Lets time pass without running anything. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Runs every timer that is due now, once; what those start anew waits for the next call. */
  runDue(): number {
    const due = [...this.#timers.values()]
      .filter(({ at }) => at <= this.#now)
      .sort((a, b) => a.at - b.at || a.order - b.order);
    for (const { order, task } of due) if (this.#timers.delete(order)) task();
    return due.length;
  }

  restore(): void {
    this.#timers.clear();
    this.#restore();
  }
}
