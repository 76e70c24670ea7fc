import type { Row } from "#domain/collection.ts";
import { perPractice } from "#server/practice/per-practice.ts";

/** A record as it leaves the server. */
export interface DressedRow {
  readonly version: number;
  readonly data: Row;
}

/** Records that are kept; each tablet asks for what has just changed, and that is the same for all of them. */
const KEPT = 1000;

/**
 * Records as they were at a commit. What a commit left is what it left, so nothing in here can become wrong: a later
 * change has another number. Never holds what is sealed under a visit's key.
 */
export class RecentRows {
  readonly #rows = new Map<string, DressedRow>();

  get(kind: string, id: string, seq: number): DressedRow | undefined {
    return this.#rows.get(`${kind}|${id}|${seq}`);
  }

  keep(kind: string, id: string, seq: number, row: DressedRow): void {
    this.#rows.set(`${kind}|${id}|${seq}`, row);
    if (this.#rows.size <= KEPT) return;
    const [oldest] = this.#rows.keys();
    if (oldest !== undefined) this.#rows.delete(oldest);
  }
}

export const recentRows = perPractice(() => new RecentRows());
