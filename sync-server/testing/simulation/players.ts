import { Worker } from "node:worker_threads";
import type { BugName } from "./bugs.ts";
import type { Plan } from "./plan.ts";
import type { Played } from "./play.ts";
import type { Task } from "./worker.ts";
import type { World } from "./world.ts";

/** Threads that play plans, as many at once as there are. */
export class Players {
  readonly #idle: Worker[] = [];
  readonly #all: readonly Worker[];
  readonly #waiting: ((worker: Worker) => void)[] = [];

  constructor(world: World, threads: number) {
    const file = new URL("./worker.ts", import.meta.url);
    this.#all = Array.from({ length: threads }, () => new Worker(file, { workerData: world }));
    this.#idle.push(...this.#all);
  }

  async play(plan: Plan, bug: BugName | null = null): Promise<Played> {
    const worker = this.#idle.pop() ?? (await new Promise<Worker>((resolve) => this.#waiting.push(resolve)));
    try {
      return await ask<Played>(worker, { type: "play", plan, bug });
    } finally {
      const next = this.#waiting.shift();
      if (next) next(worker);
      else this.#idle.push(worker);
    }
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#all.map(async (worker) => {
        await ask(worker, { type: "end" }).catch(() => {});
        await worker.terminate();
      }),
    );
  }
}

const ask = <T>(worker: Worker, task: Task): Promise<T> =>
  new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (answer: T) => {
      worker.off("error", reject);
      resolve(answer);
    });
    worker.postMessage(task);
  });
