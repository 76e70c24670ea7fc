import { createValue, type Value } from "../local/value.ts";
import { trustedScriptUrl } from "./trusted-types.ts";

/** Whether a newer version waits, and how to take it. The person decides; never while recording. */
export interface AppUpdate {
  readonly available: Value<boolean>;
  /** Switches to the new version and loads the page anew. */
  apply(): void;
}

/** Registers the service worker of a built application. Does nothing where there is none (development). */
export function watchForUpdates(path = "/service-worker.js"): AppUpdate {
  const available = createValue(false);
  let registration: ServiceWorkerRegistration | null = null;
  if (import.meta.env.PROD && "serviceWorker" in navigator)
    void register(path, () => available.set(true)).then((known) => {
      registration = known;
    });
  return {
    available: { get: available.get, subscribe: available.subscribe },
    apply() {
      const waiting = registration?.waiting;
      if (!waiting) return;
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage({ type: "SKIP_WAITING" });
    },
  };
}

async function register(path: string, onWaiting: () => void): Promise<ServiceWorkerRegistration | null> {
  try {
    const registration = await navigator.serviceWorker.register(trustedScriptUrl(path));
    const look = () => {
      // Without a controller this is the first version, not an update.
      if (registration.waiting && navigator.serviceWorker.controller) onWaiting();
    };
    look();
    registration.addEventListener("updatefound", () =>
      registration.installing?.addEventListener("statechange", look),
    );
    return registration;
  } catch (error) {
    console.warn("the application cannot be kept on this device", error);
    return null;
  }
}
