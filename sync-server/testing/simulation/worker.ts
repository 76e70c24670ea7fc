import { parentPort, workerData } from "node:worker_threads";
import type { BugName } from "./bugs.ts";
import type { Plan } from "./plan.ts";
import { playPlan } from "./play.ts";
import type { World } from "./world.ts";

/** Plays plans one after the other in a thread of its own: the played clock is one per thread. */
export interface Task {
  readonly id: number;
  readonly plan: Plan;
  readonly bug: BugName | null;
}

const world = workerData as World;
// What a killed tab still mutters concerns nobody.
console.warn = () => {};
console.error = () => {};

parentPort?.on("message", async ({ id, plan, bug }: Task) => {
  parentPort?.postMessage({ id, played: await playPlan(plan, world, bug) });
});
