import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { monotonic } from "#domain/kernel/clock.ts";
import { checkArchitecture, describeReport } from "./architecture.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = join(root, "node_modules");

interface Finding {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
  readonly seconds: number;
}

/** Programs that judge the whole repository, each with its arguments. One line adds one. */
const programs: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  [
    "format and lint",
    join(packages, "@biomejs", "biome", "bin", "biome"),
    "check",
    "--max-diagnostics=50",
    ".",
  ],
  ["types", join(packages, "typescript", "bin", "tsc"), "--noEmit"],
  ["reference is current", join(root, "scripts", "reference.ts"), "--check"],
  ["sentences are in the catalogue", join(root, "scripts", "language.ts"), "--check"],
];

/**
 * `npm run check [-- --report FILE]`: format, lint, types, architecture rules and generated files, in under a minute.
 * Prints what is broken and where; `--report` writes the sums and what failed for `npm test`.
 */
async function main(args: readonly string[]): Promise<number> {
  const findings = await Promise.all([...programs.map(runProgram), architecture()]);
  for (const { name, failed, output, seconds } of findings) {
    if (failed > 0) process.stdout.write(`\n${output.trim()}\n\n`);
    process.stdout.write(`${failed > 0 ? "failed" : "passed"}  ${name} (${seconds.toFixed(1)} s)\n`);
  }
  const sum = (part: "passed" | "failed") => findings.reduce((total, finding) => total + finding[part], 0);
  const failures = findings
    .filter(({ failed }) => failed > 0)
    .map(({ name, output }) => `${name}\n${output.trim()}`);
  const report = { passed: sum("passed"), failed: sum("failed"), failures };
  const file = args[args.indexOf("--report") + 1];
  if (args.includes("--report") && file) writeFileSync(file, JSON.stringify(report));
  return report.failed > 0 ? 1 : 0;
}

function runProgram([name, program, ...args]: readonly [string, string, ...string[]]): Promise<Finding> {
  const begin = monotonic();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => (output += String(chunk)));
    child.once("error", (error) => (output += String(error)));
    child.once("close", (status) => {
      const passed = status === 0 ? 1 : 0;
      resolve({ name, passed, failed: 1 - passed, output, seconds: (monotonic() - begin) / 1000 });
    });
  });
}

async function architecture(): Promise<Finding> {
  const begin = monotonic();
  const report = checkArchitecture(root);
  const failed = report.results.filter(({ violations }) => violations.length > 0).length;
  const lines = [...describeReport(report)];
  for (const line of lines) if (line.startsWith("warning:")) process.stdout.write(`${line}\n`);
  return {
    name: `architecture, ${report.results.length} rules over ${report.fileCount} files`,
    passed: report.results.length - failed,
    failed,
    output: lines.join("\n"),
    seconds: (monotonic() - begin) / 1000,
  };
}

process.exitCode = await main(process.argv.slice(2));
