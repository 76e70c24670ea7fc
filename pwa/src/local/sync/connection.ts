import { instantNow } from "#domain/kernel/clock.ts";
import type { Connection } from "../local.ts";
import { createValue, type Value } from "../value.ts";

interface Facts {
  readonly reachable: boolean;
  readonly waiting: number;
  readonly recordings: number;
  readonly typing: number;
  readonly attention: number;
  readonly reports: number;
  readonly offlineSince: string | null;
  readonly clockSkew: number | null;
}

const summary = (facts: Facts): Connection => {
  const waiting = facts.waiting + facts.recordings;
  const state =
    facts.attention > 0
      ? "attention"
      : !facts.reachable
        ? "offline"
        : waiting > 0 || facts.typing > 0
          ? "waiting"
          : "saved";
  const { attention, reports, offlineSince, clockSkew } = facts;
  return { state, waiting, typing: facts.typing > 0, attention, reports, offlineSince, clockSkew };
};

/** Where the moment is kept since which nobody answered, so that a reload does not move it. */
export interface OfflineMemory {
  read(): string | null;
  write(since: string | null): void;
}

const forgetful: OfflineMemory = { read: () => null, write: () => {} };

/**
 * What the connection chip says. Online means that the clinic answered, not that the tablet has a network; until it
 * answered for the first time the state is offline.
 */
export function createConnection(memory: OfflineMemory = forgetful): Value<Connection> & {
  answered(skew: number | null): void;
  silent(): void;
  counts(counts: { waiting?: number; recordings?: number; attention?: number; reports?: number }): void;
  /** Words that are not on the disk yet; the result says that they are. */
  typing(): () => void;
  readonly reachable: boolean;
} {
  let facts: Facts = {
    reachable: false,
    waiting: 0,
    recordings: 0,
    typing: 0,
    attention: 0,
    reports: 0,
    offlineSince: memory.read() ?? instantNow(),
    clockSkew: null,
  };
  const value = createValue(summary(facts));
  const change = (next: Partial<Facts>) => {
    const before = JSON.stringify(facts);
    const { offlineSince } = facts;
    facts = { ...facts, ...next };
    if (facts.offlineSince !== offlineSince) memory.write(facts.offlineSince);
    if (JSON.stringify(facts) !== before) value.set(summary(facts));
  };
  return {
    get: value.get,
    subscribe: value.subscribe,
    get reachable() {
      return facts.reachable;
    },
    answered: (skew) =>
      change({ reachable: true, offlineSince: null, ...(skew === null ? {} : { clockSkew: skew }) }),
    silent: () => {
      change({ reachable: false, offlineSince: facts.offlineSince ?? instantNow() });
      memory.write(facts.offlineSince);
    },
    counts: change,
    typing() {
      change({ typing: facts.typing + 1 });
      let saved = false;
      return () => {
        if (saved) return;
        saved = true;
        change({ typing: facts.typing - 1 });
      };
    },
  };
}
