import { useSyncExternalStore } from "react";
import { after, monotonic } from "#domain/kernel/clock.ts";
import type { Patient } from "#domain/patient/index.ts";
import { local } from "#pwa/local/index.ts";
import { type FinderEntry, finderEntry } from "./search.ts";

/** Every patient on this tablet, ready to be searched. */
export interface PatientsHere {
  readonly patients: readonly Patient[];
  readonly entries: readonly FinderEntry[];
  /** False while rows are still being read, or their names prepared. */
  readonly ready: boolean;
}

const none: PatientsHere = { patients: [], entries: [], ready: false };

/** How long names are prepared in one go, in milliseconds: typing and scrolling come first. */
const SLICE = 8;

const inIdle = (work: () => void): (() => void) => {
  if (typeof requestIdleCallback !== "function") return after(0, work);
  const id = requestIdleCallback(work, { timeout: 200 });
  return () => cancelIdleCallback(id);
};

let snapshot = none;
let cache = new Map<string, FinderEntry>();
let stop = () => {};
const listeners = new Set<() => void>();

function set(next: PatientsHere): void {
  snapshot = next;
  for (const listener of [...listeners]) listener();
}

/** Follows the patients of the unlocked session; nothing is kept when nobody looks or the tablet is locked. */
function follow(): () => void {
  const value = local().rows("patient", {});
  let cancel = () => {};
  const look = () => {
    cancel();
    const { rows, ready } = value.get();
    if (rows.length === 0) {
      cache = new Map();
      set({ ...none, ready });
      return;
    }
    const next = new Map<string, FinderEntry>();
    const prepare = (from: number) => {
      const until = monotonic() + SLICE;
      let index = from;
      for (; index < rows.length && (index % 50 !== 0 || monotonic() < until || index === from); index++) {
        const patient = rows[index]!;
        const known = cache.get(patient.id);
        next.set(patient.id, known?.patient === patient ? known : finderEntry(patient));
      }
      if (index < rows.length) {
        cancel = inIdle(() => prepare(index));
        return;
      }
      cache = next;
      set({ patients: rows, entries: [...next.values()], ready });
    };
    prepare(0);
  };
  const end = value.subscribe(look);
  look();
  return () => {
    cancel();
    end();
    cache = new Map();
    snapshot = none;
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) stop = follow();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}

export const usePatientsHere = (): PatientsHere => useSyncExternalStore(subscribe, () => snapshot);
