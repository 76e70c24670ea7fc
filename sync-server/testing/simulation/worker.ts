import { parentPort, workerData } from "node:worker_threads";
import { type BugName, bugs } from "./bugs.ts";
import { Home } from "./home.ts";
import { countCrypto } from "./pending-crypto.ts";
import type { Plan } from "./plan.ts";
import { type Played, playPlan } from "./play.ts";
import type { World } from "./world.ts";

/** Plays plans one after the other in a thread of its own: the played clock is one per thread. */
export type Task =
  | { readonly type: "play"; readonly plan: Plan; readonly bug: BugName | null }
  | { readonly type: "end" };

/** What it says meanwhile, and at the end. */
export type Answer = { readonly at: string } | { readonly played: Played | null };

const world = workerData as World;
let home: Home | null = null;

countCrypto();
// What a killed tab still mutters concerns nobody.
console.warn = () => {};
console.error = () => {};

async function removeHome(): Promise<null> {
  await home?.remove();
  home = null;
  return null;
}

const say = (answer: Answer): void => parentPort?.postMessage(answer);

parentPort?.on("message", async (task: Task) => {
  if (task.type === "end") return say({ played: await removeHome() });
  const { plan, bug } = task;
  home ??= await Home.make(world);
  const played = await playPlan(plan, home, bug, (place) => say({ at: place }));
  // A database with a planted bug in it is of no use to anybody else.
  if (bug && bugs[bug].database) await removeHome();
  return say({ played });
});
