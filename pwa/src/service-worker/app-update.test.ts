import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import { createValue } from "../local/value.ts";
import { keepApplication } from "./app-update.ts";

class FakeWorker extends EventTarget {
  state: ServiceWorkerState = "installing";
  become(state: ServiceWorkerState): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

class FakeRegistration extends EventTarget {
  readonly worker = new FakeWorker();
  readonly waiting = null;
  looks = 0;
  async update(): Promise<void> {
    this.looks++;
  }
  get installing() {
    return this.worker.state === "installing" ? this.worker : null;
  }
  get active() {
    return this.worker.state === "activated" ? this.worker : null;
  }
}

/** A browser whose installations end as the test says. */
class FakeContainer extends EventTarget {
  controller: FakeWorker | null = null;
  readonly registrations: FakeRegistration[] = [];
  refuse = false;
  async register(): Promise<FakeRegistration> {
    if (this.refuse) throw new TypeError("Failed to fetch");
    const registration = new FakeRegistration();
    this.registrations.push(registration);
    return registration;
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("the application on the device", () => {
  let timers: (() => void)[];
  let restore: () => void;
  beforeEach(() => {
    timers = [];
    Object.assign(globalThis, { self: { location: { origin: "https://clinic.test" } } });
    restore = useClock({
      after: (_wait, task) => {
        timers.push(task);
        return () => {
          timers = timers.filter((one) => one !== task);
        };
      },
    });
  });
  afterEach(() => restore());

  const start = (container: FakeContainer, answers = true) => {
    const reachable = createValue(answers);
    const update = keepApplication({
      path: "/service-worker.js",
      container: container as unknown as ServiceWorkerContainer,
      reachable,
      reload: () => {},
    });
    return { reachable, update };
  };

  test("is kept once a version is active", async () => {
    const container = new FakeContainer();
    const { update } = start(container);
    await settle();
    expect(update.kept.get()).toBe("arriving");
    container.registrations[0]?.worker.become("activated");
    await settle();
    expect(update.kept.get()).toBe("kept");
    expect(timers).toEqual([]);
  });

  test("an installation that the browser gave up is made again after a pause", async () => {
    const container = new FakeContainer();
    const { update } = start(container);
    await settle();
    container.registrations[0]?.worker.become("redundant");
    await settle();
    expect(timers).toHaveLength(1);
    timers.pop()?.();
    await settle();
    container.registrations[1]?.worker.become("activated");
    await settle();
    expect(update.kept.get()).toBe("kept");
  });

  test("a registration that found nobody is made again as soon as the clinic answers", async () => {
    const container = new FakeContainer();
    container.refuse = true;
    const { reachable, update } = start(container);
    await settle();
    reachable.set(false);
    container.refuse = false;
    for (const task of timers.splice(0)) task();
    await settle();
    expect(container.registrations).toHaveLength(0); // nothing is asked for while nobody answers
    reachable.set(true);
    await settle();
    container.registrations[0]?.worker.become("activated");
    await settle();
    expect(update.kept.get()).toBe("kept");
  });

  test("is kept on a device that opened it by itself, also before anybody answers; then a newer one is looked for", async () => {
    const container = new FakeContainer();
    container.controller = new FakeWorker();
    const { reachable, update } = start(container, false);
    await settle();
    expect(update.kept.get()).toBe("kept");
    expect(container.registrations).toHaveLength(0);
    reachable.set(true);
    await settle();
    expect(container.registrations).toHaveLength(1);
    expect(update.kept.get()).toBe("kept");
  });

  test("a newer version is looked for when the clinic comes back", async () => {
    const container = new FakeContainer();
    const { reachable } = start(container);
    await settle();
    container.registrations[0]?.worker.become("activated");
    await settle();
    reachable.set(false);
    expect(container.registrations[0]?.looks).toBe(0);
    reachable.set(true);
    expect(container.registrations[0]?.looks).toBe(1);
    expect(container.registrations).toHaveLength(1);
  });

  test("begins when the clinic first answers", async () => {
    const container = new FakeContainer();
    const { reachable } = start(container, false);
    await settle();
    expect(container.registrations).toHaveLength(0);
    reachable.set(true);
    await settle();
    expect(container.registrations).toHaveLength(1);
  });

  test("is never kept under a certificate that the browser does not trust, and that is not tried again", async () => {
    const container = new FakeContainer();
    container.register = () => Promise.reject(new DOMException("An SSL certificate error", "SecurityError"));
    const { update } = start(container);
    await settle();
    expect(update.kept.get()).toBe("never");
    expect(timers).toEqual([]);
  });

  test("is never kept where there is nothing to keep it", () => {
    const reachable = createValue(true);
    const update = keepApplication({ path: "/sw.js", container: null, reachable, reload: () => {} });
    expect(update.kept.get()).toBe("never");
  });
});
