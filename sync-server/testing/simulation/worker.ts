import { parentPort, workerData } from "node:worker_threads";
import { type BugName, bugs } from "./bugs.ts";
import { Home } from "./home.ts";
import type { Plan } from "./plan.ts";
import { playPlan } from "./play.ts";
import type { World } from "./world.ts";

/** Plays plans one after the other in a thread of its own: the played clock is one per thread. */
export type Task =
  | { readonly type: "play"; readonly plan: Plan; readonly bug: BugName | null }
  | { readonly type: "end" };

const world = workerData as World;
let home: Home | null = null;

// What a killed tab still mutters concerns nobody.
console.warn = () => {};
console.error = () => {};

async function removeHome(): Promise<null> {
  await home?.remove();
  home = null;
  return null;
}

parentPort?.on("message", async (task: Task) => {
  if (task.type === "end") return parentPort?.postMessage(await removeHome());
  const { plan, bug } = task;
  home ??= await Home.make(world);
  const played = await playPlan(plan, home, bug);
  // A database with a planted bug in it is of no use to anybody else.
  if (bug && bugs[bug].database) await removeHome();
  return parentPort?.postMessage(played);
});
