import { useSyncExternalStore } from "react";
import { after, monotonic } from "#domain/kernel/clock.ts";
import { mergeLinksOf, type Patient, survivorOf } from "#domain/patient/index.ts";
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

/** How long the names are kept for the next screen after nobody looks any more, in milliseconds. A lock drops them at once. */
const KEEP = 60_000;

/** How long names are prepared in one go, in milliseconds: typing and scrolling come first. */
const SLICE = 8;

const inIdle = (work: () => void): (() => void) => {
  if (typeof requestIdleCallback !== "function") return after(0, work);
  const id = requestIdleCallback(work, { timeout: 200 });
  return () => cancelIdleCallback(id);
};

let snapshot = none;
/** An entry and the record it was made of. */
interface Prepared {
  readonly record: Patient;
  readonly entry: FinderEntry;
}

let cache = new Map<string, Prepared>();
let stop: (() => void) | null = null;
let keep = () => {};
const listeners = new Set<() => void>();

function set(next: PatientsHere): void {
  snapshot = next;
  for (const listener of [...listeners]) listener();
}

/** Follows the patients of the unlocked session; a lock empties it. */
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
    const next = new Map<string, Prepared>();
    const links = mergeLinksOf(rows);
    const byId = links.size === 0 ? null : new Map(rows.map((patient) => [patient.id, patient]));
    const prepare = (from: number) => {
      const until = monotonic() + SLICE;
      let index = from;
      for (; index < rows.length && (index % 50 !== 0 || monotonic() < until || index === from); index++) {
        const patient = rows[index]!;
        const stands = byId?.get(survivorOf(links, patient.id)) ?? patient;
        const known = cache.get(patient.id);
        const fresh = known?.record === patient && known.entry.patient === stands;
        next.set(patient.id, fresh ? known : { record: patient, entry: finderEntry(patient, stands) });
      }
      if (index < rows.length) {
        cancel = inIdle(() => prepare(index));
        return;
      }
      cache = next;
      set({ patients: rows, entries: [...next.values()].map(({ entry }) => entry), ready });
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
  keep();
  listeners.add(listener);
  stop ??= follow();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    keep = after(KEEP, () => {
      stop?.();
      stop = null;
    });
  };
}

export const usePatientsHere = (): PatientsHere => useSyncExternalStore(subscribe, () => snapshot);
