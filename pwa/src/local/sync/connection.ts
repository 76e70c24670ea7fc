import { instantNow } from "#domain/kernel/clock.ts";
import type { Connection } from "../local.ts";
import { createValue, type Value } from "../value.ts";

interface Facts {
  readonly reachable: boolean;
  readonly waiting: number;
  readonly recordings: number;
  readonly attention: number;
  readonly offlineSince: string | null;
  readonly clockSkew: number | null;
}

const summary = (facts: Facts): Connection => {
  const waiting = facts.waiting + facts.recordings;
  const state =
    facts.attention > 0 ? "attention" : facts.reachable ? (waiting > 0 ? "waiting" : "saved") : "offline";
  const { attention, offlineSince, clockSkew } = facts;
  return { state, waiting, attention, offlineSince, clockSkew };
};

/**
 * What the connection chip says. Online means that the clinic answered, not that the tablet has a network; until it
 * answered for the first time the state is offline.
 */
export function createConnection(): Value<Connection> & {
  answered(skew: number | null): void;
  silent(): void;
  counts(counts: { waiting?: number; recordings?: number; attention?: number }): void;
  readonly reachable: boolean;
} {
  let facts: Facts = {
    reachable: false,
    waiting: 0,
    recordings: 0,
    attention: 0,
    offlineSince: instantNow(),
    clockSkew: null,
  };
  const value = createValue(summary(facts));
  const change = (next: Partial<Facts>) => {
    const before = JSON.stringify(facts);
    facts = { ...facts, ...next };
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
    silent: () => change({ reachable: false, offlineSince: facts.offlineSince ?? instantNow() }),
    counts: change,
  };
}
