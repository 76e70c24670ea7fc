import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { startTestPostgres } from "../test-postgres.ts";
import { type BugName, bugNames, bugs, isBugName } from "./bugs.ts";
import { makePlan, type Plan } from "./plan.ts";
import { BROKE } from "./play.ts";
import { Players } from "./players.ts";
import { describeFailure, Report, replay } from "./report.ts";
import { describePlan, shrink } from "./shrink.ts";
import { foundWorld, removeWorld } from "./world.ts";

const usage = "npm run simulate -- [--seeds N] [--seed FIRST] [--json] [--bug B1…B8 | --no-bugs]";

/** Seeds in which a planted bug has to be found. */
const BUG_SEEDS = 60;
/** Plays spent on making one failure shorter, and failures that are made shorter at all. */
const SHRINK_TRIES = 60;
const SHRINK_FAILURES = 2;

interface Options {
  readonly seeds: number;
  readonly first: number;
  readonly json: boolean;
  /** Only look for this planted bug. */
  readonly bug: BugName | null;
  /** Also look for the planted bugs after the seeds. */
  readonly bugs: boolean;
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      bug: { type: "string" },
      "no-bugs": { type: "boolean", default: false },
    },
  });
  const [seeds, first] = [Number(values.seeds), Number(values.seed)];
  if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(first)) throw new TypeError(usage);
  const bug = values.bug ?? null;
  if (bug !== null && !isBugName(bug)) throw new TypeError(usage);
  return { seeds, first, json: values.json, bug, bugs: !values["no-bugs"] };
}

type Say = (line: string) => void;

const invariantsOf = (violations: readonly string[]) => new Set(violations.map((line) => line.split(":")[0]));

/** A failing plan made shorter, as long as it breaks one of the same invariants. */
async function shorter(
  players: Players,
  plan: Plan,
  violations: readonly string[],
  bug: BugName | null = null,
): Promise<Plan> {
  const broken = invariantsOf(violations);
  const stillFails = async (candidate: Plan) => {
    const played = await players.play(candidate, bug);
    return [...invariantsOf(played.violations)].some((invariant) => broken.has(invariant));
  };
  return shrink(plan, stillFails, SHRINK_TRIES);
}

async function playSeeds(players: Players, options: Options, report: Report, threads: number, say: Say) {
  let next = options.first;
  const end = options.first + options.seeds;
  const failed: { plan: Plan; violations: readonly string[]; ended: boolean }[] = [];
  const lane = async () => {
    while (next < end) {
      const plan = makePlan(next++);
      const played = await players.play(plan);
      report.add(played);
      if (played.violations.length > 0) {
        failed.push({ plan, ...played });
        say(`seed ${plan.seed} failed: ${played.violations[0]}; replay: ${replay(plan.seed)}`);
      }
      if (report.seeds % 25 === 0) say(`${report.seeds} of ${options.seeds} seeds, ${failed.length} failed`);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: threads }, lane));
  report.seconds = (performance.now() - begun) / 1000;
  for (const [index, { plan, violations, ended }] of failed.entries()) {
    const short = ended && index < SHRINK_FAILURES ? await shorter(players, plan, violations) : plan;
    report.failures.push({ seed: plan.seed, violations, plan: describePlan(short) });
  }
}

/** Plays with the bug planted, seed after seed, until an invariant breaks. */
async function findBug(players: Players, name: BugName, first: number, seeds: number, threads: number) {
  let next = first;
  const hits: { seed: number; violation: string }[] = [];
  const lane = async () => {
    while (hits.length === 0 && next < first + seeds) {
      const seed = next++;
      const { violations } = await players.play(makePlan(seed), name);
      // A play that broke off has shown nothing.
      const violation = violations.find((line) => !line.startsWith(BROKE));
      if (violation) hits.push({ seed, violation });
    }
  };
  await Promise.all(Array.from({ length: threads }, lane));
  const hit = hits.sort((a, b) => a.seed - b.seed)[0];
  const { says } = bugs[name];
  return { found: hit !== undefined, seed: hit?.seed ?? null, violation: hit?.violation ?? null, says };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  // Progress goes to the second stream, so that --json stays the only thing on the first.
  const say: Say = (line) => void process.stderr.write(`${line}\n`);
  // One more than there are cores: a play waits for PostgreSQL for a third of its time.
  const threads = Math.min(8, availableParallelism() + 1);
  const { server, stop } = await startTestPostgres();
  const report = new Report();
  try {
    const world = await foundWorld(server);
    const players = new Players(world, threads);
    try {
      if (options.bug) {
        const found = await findBug(players, options.bug, options.first, options.seeds, threads);
        report.bugs[options.bug] = found;
        if (found.seed !== null && found.violation) {
          const plan = makePlan(found.seed);
          const short = await shorter(players, plan, [found.violation], options.bug);
          say(
            `the shortest plan that was found to fail, ${short.steps.length} of ${plan.steps.length} steps:`,
          );
          for (const line of describePlan(short)) say(`  ${line}`);
        }
      } else {
        await playSeeds(players, options, report, threads, say);
        for (const name of options.bugs ? bugNames : [])
          report.bugs[name] = await findBug(players, name, 1, BUG_SEEDS, threads);
      }
    } finally {
      await players.close();
      await removeWorld(world);
    }
  } finally {
    await stop();
  }
  if (options.json) {
    for (const failure of report.failures) for (const line of describeFailure(failure)) say(line);
    process.stdout.write(`${report.toJson()}\n`);
  } else for (const line of report.lines()) process.stdout.write(`${line}\n`);
  process.exitCode = report.good ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof TypeError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 2;
});
