import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { after, monotonic } from "#domain/kernel/clock.ts";
import type { Counts } from "./reports.ts";
import type { Stage } from "./stages.ts";

export interface RunOptions {
  readonly root: string;
  /** The long counts of `npm run test:full`. */
  readonly full: boolean;
  readonly say: (line: string) => void;
}

const none: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };

interface Result extends Counts {
  readonly name: string;
  readonly seconds: number;
  readonly note: string;
}

/**
 * Runs the stages one after the other, says again what failed, prints a table of times, and ends with the line
 * `N passed, N failed`. A runner that crashes, hangs, reports nothing or reports no tests has failed, whatever it printed.
 *
 * @returns the number of failures
 */
export async function runStages(stages: readonly Stage[], options: RunOptions): Promise<number> {
  const results: Result[] = [];
  for (const stage of stages) {
    options.say(`\n── ${stage.name}`);
    results.push(await runStage(stage, options));
  }
  for (const { name, failures } of results)
    for (const failure of failures) options.say(`\n✘ ${name}: ${failure}`);
  options.say("");
  for (const { name, seconds, passed, failed, skipped, note } of results) {
    const counts = `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped`;
    options.say(`${name.padEnd(12)} ${seconds.toFixed(1).padStart(7)} s ${counts}${note && `  ${note}`}`);
  }
  const sum = (part: "passed" | "failed") => results.reduce((total, result) => total + result[part], 0);
  options.say(`${sum("passed")} passed, ${sum("failed")} failed`);
  return sum("failed");
}

async function runStage(stage: Stage, options: RunOptions): Promise<Result> {
  const begin = monotonic();
  const result = (counts: Counts, note: string): Result => ({
    ...counts,
    name: stage.name,
    note,
    seconds: (monotonic() - begin) / 1000,
  });
  if (!existsSync(join(options.root, stage.needs))) {
    const failed = stage.pending ? 0 : 1;
    return result({ ...none, failed }, `${stage.needs} is not there${failed ? "" : " yet"}`);
  }
  const folder = mkdtempSync(join(tmpdir(), "jamemr-stage-"));
  const report = join(folder, "report.json");
  try {
    const ending = await runProgram(stage, report, options);
    return result(...judge(stage, ending, report));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts what the runner reported, and adds a failure for what its report does not admit. */
function judge(stage: Stage, ending: string, report: string): [Counts, string] {
  let counts = none;
  let note = "";
  try {
    counts = stage.count(JSON.parse(readFileSync(report, "utf8")));
    if (counts.passed + counts.failed === 0) note = "reported no tests";
  } catch {
    note = "left no report";
  }
  if (ending !== "status 0" && counts.failed === 0)
    note = [note, `ended with ${ending}`].filter(Boolean).join(", ");
  return note === "" ? [counts, ""] : [{ ...counts, failed: counts.failed + 1 }, note];
}

async function runProgram(stage: Stage, report: string, options: RunOptions): Promise<string> {
  const child = spawn(process.execPath, [...stage.command(report, options.full)], {
    cwd: options.root,
    env: { ...process.env, ...(options.full && { JAMEMR_FULL: "1" }), ...stage.env?.(report) },
    stdio: ["ignore", stage.reportOnStdout ? "pipe" : "inherit", "inherit"],
  });
  const file = child.stdout?.pipe(createWriteStream(report));
  const written = file ? finished(file) : Promise.resolve();
  let timedOut = false;
  let cancel = after(stage.limit * (options.full ? 5 : 1), () => {
    timedOut = true;
    child.kill("SIGTERM");
    cancel = after(10_000, () => child.kill("SIGKILL"));
  });
  const ending = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(String(error)));
    child.once("close", (status, signal) => resolve(signal ?? `status ${status}`));
  });
  cancel();
  await written;
  return timedOut ? `no end within ${stage.limit / 1000} s` : ending;
}
