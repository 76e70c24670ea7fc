import type { MutationName } from "#domain/registry.ts";
import type { MutationResult } from "#domain/sync/protocol.ts";

/** One thing a person did on a tablet that told them it was saved. */
export interface Captured {
  readonly tablet: number;
  readonly clientId: string;
  readonly n: number;
  readonly name: MutationName;
  readonly id: string;
  /** Words that stand nowhere else. */
  readonly words: readonly string[];
}

/** Everything the simulator saw happen, for the invariants to judge. */
export class Witness {
  readonly captured: Captured[] = [];
  /** Every answer that left the server, by client and number. */
  readonly results = new Map<string, MutationResult[]>();
  /** Signed notes as they first left the server: id → what stands in them. */
  readonly signed = new Map<string, string>();
  readonly violations: string[] = [];
  readonly #seed: number;
  #words = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  word(): string {
    return `w${this.#seed}x${++this.#words}z`;
  }

  violated(invariant: string, what: string): void {
    const line = `${invariant}: ${what}`;
    if (this.violations.length < 20 && !this.violations.includes(line)) this.violations.push(line);
  }
}
