/** How many proofs are remembered; far more than the devices of a practice send in ten minutes. */
const LIMIT = 50_000;

/** Remembers the proofs that were used, for as long as they could be used again: each is good for one request. */
export class UsedProofs {
  /** In the order of arrival, which is nearly that of expiry. */
  readonly #until = new Map<string, number>();

  /** @param until milliseconds since the epoch @returns false when it was used before */
  use(id: string, until: number, now: number): boolean {
    if ((this.#until.get(id) ?? 0) > now) return false;
    this.#until.set(id, until);
    for (const [oldest, expires] of this.#until) {
      if (expires > now && this.#until.size <= LIMIT) break;
      this.#until.delete(oldest);
    }
    return true;
  }
}
