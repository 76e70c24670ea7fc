import { Worker } from "node:worker_threads";
import type { BugName } from "./bugs.ts";
import type { Plan } from "./plan.ts";
import type { Played } from "./play.ts";
import type { Task } from "./worker.ts";
import type { World } from "./world.ts";

interface Answer {
  readonly id: number;
  readonly played: Played;
}

/** Threads that play plans, as many at once as there are. */
export class Players {
  readonly #idle: Worker[] = [];
  readonly #all: Worker[];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  #tasks = 0;

  constructor(world: World, threads: number) {
    this.#all = Array.from(
      { length: threads },
      () => new Worker(new URL("./worker.ts", import.meta.url), { workerData: world }),
    );
    this.#idle.push(...this.#all);
  }

  async play(plan: Plan, bug: BugName | null = null): Promise<Played> {
    const worker = this.#idle.pop() ?? (await new Promise<Worker>((resolve) => this.#waiting.push(resolve)));
    const id = ++this.#tasks;
    try {
      return await new Promise<Played>((resolve, reject) => {
        worker.once("error", reject);
        worker.once("message", (answer: Answer) => {
          worker.off("error", reject);
          resolve(answer.played);
        });
        worker.postMessage({ id, plan, bug } satisfies Task);
      });
    } finally {
      const next = this.#waiting.shift();
      if (next) next(worker);
      else this.#idle.push(worker);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }
}
