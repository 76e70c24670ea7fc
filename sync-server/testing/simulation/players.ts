import { Worker } from "node:worker_threads";
import type { BugName } from "./bugs.ts";
import { noFaults } from "./faults.ts";
import type { Plan } from "./plan.ts";
import type { Played } from "./play.ts";
import type { Answer, Task } from "./worker.ts";
import type { World } from "./world.ts";

/** Milliseconds, some forty times what a play takes: one that stands still is a failure with a place, not a run without end. */
const PATIENCE = 120_000;

/** Threads that play plans, as many at once as there are. */
export class Players {
  readonly #world: World;
  readonly #idle: Worker[];
  readonly #all: Set<Worker>;
  readonly #waiting: ((worker: Worker) => void)[] = [];

  constructor(world: World, threads: number) {
    this.#world = world;
    this.#idle = Array.from({ length: threads }, () => this.#hire());
    this.#all = new Set(this.#idle);
  }

  #hire(): Worker {
    return new Worker(new URL("./worker.ts", import.meta.url), { workerData: this.#world });
  }

  async play(plan: Plan, bug: BugName | null = null): Promise<Played> {
    let worker = this.#idle.pop() ?? (await new Promise<Worker>((resolve) => this.#waiting.push(resolve)));
    try {
      const answer = await ask(worker, { type: "play", plan, bug });
      if ("played" in answer && answer.played) return answer.played;
      this.#all.delete(worker);
      await worker.terminate();
      worker = this.#hire();
      this.#all.add(worker);
      return { violations: [stoodStill(answer)], ended: false, faults: noFaults(), captured: 0 };
    } finally {
      const next = this.#waiting.shift();
      if (next) next(worker);
      else this.#idle.push(worker);
    }
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#all].map(async (worker) => {
        await ask(worker, { type: "end" }).catch(() => {});
        await worker.terminate();
      }),
    );
  }
}

const stoodStill = (last: Answer): string =>
  `I0: the play came to no end within ${PATIENCE / 1000} s${"at" in last ? `: ${last.at}` : ""}`;

/** The last answer: that it is done, or where it was when patience ended. */
const ask = (worker: Worker, task: Task): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let last: Answer = { at: "not begun" };
    const end = (error?: unknown) => {
      clearTimeout(patience);
      worker.off("error", end).off("message", hear);
      if (error) reject(error);
      else resolve(last);
    };
    const hear = (answer: Answer) => {
      last = answer;
      if ("played" in answer) end();
    };
    const patience = setTimeout(end, PATIENCE);
    worker.on("error", end).on("message", hear);
    worker.postMessage(task);
  });
