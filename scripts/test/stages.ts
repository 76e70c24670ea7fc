import { join } from "node:path";
import { type Counts, countCheck, countPlaywright, countSimulation, countVitest } from "./reports.ts";

export interface Stage {
  readonly name: string;
  /** The stage fails when this path (from the root) is missing … */
  readonly needs: string;
  /** … unless it is marked as one that is still to come. */
  readonly pending?: true;
  /** Arguments for Node; `report` is the file in which the runner leaves its JSON. */
  command(report: string, full: boolean): readonly string[];
  /** True when the runner prints its JSON instead of writing a file. */
  readonly reportOnStdout?: true;
  readonly env?: (report: string) => Readonly<Record<string, string>>;
  count(report: unknown): Counts;
  /** Milliseconds after which the stage is ended and has failed; five times as much for the long counts. */
  readonly limit: number;
}

const minute = 60_000;
const packaged = (...path: string[]): string => join("node_modules", ...path);

/** What `npm test` runs, in this order. Adding a stage is adding an entry. */
export const stages: readonly Stage[] = [
  {
    name: "check",
    needs: "scripts/check.ts",
    command: (report) => ["scripts/check.ts", "--report", report],
    count: countCheck,
    limit: 3 * minute,
  },
  {
    name: "vitest",
    needs: "vite.config.ts",
    command: (report) => [
      packaged("vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    count: countVitest,
    limit: 15 * minute,
  },
  {
    name: "end to end",
    needs: "e2e/playwright.config.ts",
    command: () => [
      packaged("@playwright", "test", "cli.js"),
      "test",
      "--config=e2e/playwright.config.ts",
      "--reporter=list,json",
    ],
    env: (report) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: report, PLAYWRIGHT_JSON_OUTPUT_NAME: report }),
    count: countPlaywright,
    limit: 30 * minute,
  },
  {
    name: "simulate",
    needs: "sync-server/testing/simulation/main.ts",
    command: (_report, full) => [
      "sync-server/testing/simulation/main.ts",
      "--seeds",
      full ? "10000" : "500",
      "--json",
    ],
    reportOnStdout: true,
    count: countSimulation,
    // Four minutes on two quiet cores, five hours for the long count; a play that stands still ends itself, so this is for one that others use too.
    limit: 60 * minute,
  },
];
