import { DomainError } from "#domain/errors/catalog.ts";
import { now } from "#domain/kernel/clock.ts";

/** Wrong tries that are free. */
const FREE = 5;
const LONGEST_WAIT = 15 * 60_000;

/**
 * Slows down guessing: after five wrong tries each further one waits, 1 s doubling to 15 min. Tries are counted per name
 * *and* device, so that somebody guessing from elsewhere never locks a clinician out of the tablet in her hand.
 */
export class Throttle {
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #tries = new Map<string, { wrong: number; until: number }>();

  /** Tries of one key one after the other: many sent side by side would all pass before the first was counted. */
  async inTurn<T>(key: string, attempt: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).catch(() => {}).then(attempt);
    this.#turns.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    }
  }

  /** Milliseconds until the next try is allowed; 0 = now. */
  wait(key: string): number {
    return Math.max(0, (this.#tries.get(key)?.until ?? 0) - now());
  }

  /** @throws {DomainError} too_many_requests */
  assertFree(key: string): void {
    const wait = this.wait(key);
    if (wait > 0) throw new DomainError("too_many_requests", { retryAfterSeconds: Math.ceil(wait / 1000) });
  }

  failed(key: string): void {
    const wrong = (this.#tries.get(key)?.wrong ?? 0) + 1;
    this.#tries.delete(key); // the one that is tried most is forgotten last
    const delay = wrong < FREE ? 0 : Math.min(LONGEST_WAIT, 1000 * 2 ** (wrong - FREE));
    this.#tries.set(key, { wrong, until: now() + delay });
    if (this.#tries.size > 10_000) this.#tries.delete(this.#tries.keys().next().value!);
  }

  succeeded(key: string): void {
    this.#tries.delete(key);
  }
}
