import { startTestPostgres } from "../test-postgres.ts";
import { type BugName, bugs } from "./bugs.ts";
import { makePlan } from "./plan.ts";
import { playPlan } from "./play.ts";
import { foundWorld, removeWorld } from "./world.ts";

const seeds = Number(process.argv[2] ?? 3),
  first = Number(process.argv[3] ?? 1),
  bug = (process.argv[4] ?? null) as BugName | null;
void bugs;
const t0 = performance.now();
const { server, stop } = await startTestPostgres();
try {
  const world = await foundWorld(server);
  console.error("world", performance.now() - t0);
  for (let s = first; s < first + seeds; s++) {
    const t = performance.now();
    const plan = makePlan(s);
    const played = await playPlan(plan, world, bug);
    console.error(
      s,
      Math.round(performance.now() - t),
      "ms",
      plan.tablets.length,
      "tablets",
      plan.steps.length,
      "steps",
      played.captured,
      JSON.stringify(played.faults),
      played.violations.join("\n   "),
    );
  }
  await removeWorld(world);
} finally {
  await stop();
}
