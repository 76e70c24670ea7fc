import { useEffect, useState, useSyncExternalStore } from "react";
import { after } from "#domain/kernel/clock.ts";
import { local, type Value } from "#pwa/local/index.ts";
import { type AppUpdate, type Kept, keepApplication, keptAtFirst } from "#pwa/service-worker/app-update.ts";

/** Milliseconds after the first screen at which the application is put on the device; it fetches every file of it. */
const KEEP_AFTER = 3000;

/** Development has no service worker, and a page with a doubtful certificate may not have one. */
const container = import.meta.env.PROD && "serviceWorker" in navigator ? navigator.serviceWorker : null;

let keeping: AppUpdate | undefined;
const begun = new Set<() => void>();

function begin(): void {
  if (keeping) return;
  const { connection } = local();
  const reachable: Value<boolean> = {
    get: () => connection.get().offlineSince === null,
    subscribe: connection.subscribe,
  };
  keeping = keepApplication({
    path: "/service-worker.js",
    container,
    reachable,
    reload: () => location.reload(),
  });
  for (const tell of begun) tell();
}

/** Starts putting the application on the device a moment after the first screen. */
export function useKeepApplication(): void {
  useEffect(() => after(keeping ? 0 : KEEP_AFTER, begin), []);
}

/** A newer version waits: how to take it. */
export function useUpdate(): (() => void) | null {
  const available = useKeeping((update) => update.available, false);
  return available && keeping ? keeping.apply : null;
}

/** Whether this device opens the application without the clinic. */
export const useKept = (): Kept => useKeeping((update) => update.kept, keptAtFirst(container));

function useKeeping<T>(of: (update: AppUpdate) => Value<T>, before: T): T {
  const [, again] = useState(0);
  useEffect(() => {
    const tell = () => again((count) => count + 1);
    begun.add(tell);
    return () => {
      begun.delete(tell);
    };
  }, []);
  const value = keeping && of(keeping);
  return useSyncExternalStore(value?.subscribe ?? nothing, value?.get ?? (() => before));
}

const nothing = () => () => {};
