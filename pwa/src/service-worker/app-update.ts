import { after } from "#domain/kernel/clock.ts";
import { backoff } from "../local/sync/backoff.ts";
import { createValue, type Value } from "../local/value.ts";
import { trustedScriptUrl } from "./trusted-types.ts";

/**
 * Whether the application itself is on this device, so that it opens without the clinic. `arriving` until then, also
 * while nobody answers; `never` where there is nothing that could keep it (development, a certificate that the browser
 * does not trust).
 */
export type Kept = "arriving" | "kept" | "never";

/** What is known before anybody was asked: a page that came from the device itself opens there again. */
export const keptAtFirst = (container: Pick<ServiceWorkerContainer, "controller"> | null): Kept =>
  container ? (container.controller ? "kept" : "arriving") : "never";

/** Whether a newer version waits, and how to take it. The person decides; never while recording. */
export interface AppUpdate {
  readonly available: Value<boolean>;
  readonly kept: Value<Kept>;
  /** Switches to the new version and loads the page anew. */
  apply(): void;
}

export interface AppUpdateOptions {
  readonly path: string;
  /** Null where the browser has no service workers or the page may not have one. */
  readonly container: ServiceWorkerContainer | null;
  /** Whether the clinic answers now: nothing is fetched while it does not. */
  readonly reachable: Value<boolean>;
  readonly reload: () => void;
}

/**
 * Puts the application on the device and keeps looking until it is there. Installing fetches every file of it; where the
 * clinic goes away meanwhile the browser forgets the attempt without a word, so it is made again when the clinic answers.
 */
export function keepApplication({ path, container, reachable, reload }: AppUpdateOptions): AppUpdate {
  const available = createValue(false);
  const kept = createValue<Kept>(keptAtFirst(container));
  let registration: ServiceWorkerRegistration | null = null;
  let trying = false;
  let found = false;
  let failures = 0;
  let cancel = () => {};

  const look = (known: ServiceWorkerRegistration) => {
    if (known.active) {
      found = true;
      kept.set("kept");
    }
    // Without a controller this is the first version, not an update.
    if (known.waiting && container?.controller) available.set(true);
  };
  const attempt = async () => {
    if (!container || trying || found || !reachable.get()) return;
    trying = true;
    cancel();
    try {
      registration = await container.register(trustedScriptUrl(path));
      registration.addEventListener("updatefound", () => registration && follow(registration, look));
      await firstVersion(registration);
      look(registration);
    } catch (error) {
      // The browser will not have it on this page, however often it is asked: the certificate is not trusted.
      if (error instanceof DOMException && error.name === "SecurityError") {
        kept.set("never");
        return;
      }
      console.warn("the application is not kept on this device yet", error);
    }
    trying = false;
    if (!found) cancel = after(backoff(failures++), () => void attempt());
  };
  reachable.subscribe(() => {
    if (!reachable.get()) return;
    failures = 0;
    // A page that is never loaded anew would not hear of the version that the clinic came back with.
    if (found) registration?.update().catch(() => {});
    else void attempt();
  });
  void attempt();

  return {
    available: { get: available.get, subscribe: available.subscribe },
    kept: { get: kept.get, subscribe: kept.subscribe },
    apply() {
      const waiting = registration?.waiting;
      if (!waiting) return;
      container?.addEventListener("controllerchange", reload, { once: true });
      waiting.postMessage({ type: "SKIP_WAITING" });
    },
  };
}

function follow(registration: ServiceWorkerRegistration, look: (known: ServiceWorkerRegistration) => void) {
  registration.installing?.addEventListener("statechange", () => look(registration));
}

/** Resolves when a version is active; rejects when the browser gave the installation up. */
function firstVersion(registration: ServiceWorkerRegistration): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = registration.installing ?? registration.waiting;
    if (registration.active) return resolve();
    if (!worker) return reject(new Error("the installation was given up"));
    const judge = () => {
      if (worker.state === "activated") resolve();
      else if (worker.state === "redundant") reject(new Error("the installation failed"));
      else return;
      worker.removeEventListener("statechange", judge);
    };
    worker.addEventListener("statechange", judge);
    judge();
  });
}
