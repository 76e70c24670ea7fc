import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { longFileLines, type Repository, type Rule, rules, type Violation } from "./architecture/rules.ts";
import { readSourceFile } from "./architecture/source-file.ts";

export interface RuleResult {
  readonly rule: Rule;
  readonly violations: readonly Violation[];
}

export interface ArchitectureReport {
  readonly results: readonly RuleResult[];
  /** Files over 400 lines, as `path (lines)`. */
  readonly longFiles: readonly string[];
  readonly fileCount: number;
}

const skippedFolders = new Set(["node_modules", "dist", "data", "test-results", "docs"]);
const sourceName = /\.(?:ts|tsx|mts|mjs)$/;

function* sourcePaths(root: string, folder = ""): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name) && !entry.name.startsWith(".")) yield* sourcePaths(root, path);
    } else if (sourceName.test(entry.name) && !entry.name.endsWith(".d.mts")) yield path;
  }
}

/** Judges every source file under `root` by the rules of docs/decisions and CONTRIBUTING. */
export function checkArchitecture(root: string): ArchitectureReport {
  const files = [...sourcePaths(root)].map((path) => readSourceFile(root, path));
  const repository: Repository = { files, slices: findSlices(root) };
  return {
    results: rules.map((rule) => ({
      rule,
      violations: files.flatMap((file) => [...rule.check(file, repository)]),
    })),
    longFiles: files
      .filter(({ lines }) => lines > longFileLines)
      .map(({ path, lines }) => `${path} (${lines})`),
    fileCount: files.length,
  };
}

function findSlices(root: string): Set<string> {
  const domain = join(root, "domain");
  if (!existsSync(domain)) return new Set();
  const folders = readdirSync(domain, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Set(
    folders.map(({ name }) => name).filter((name) => existsSync(join(domain, name, "index.ts"))),
  );
}

/** The report as lines: one per violation with its place, and each broken rule's sentence once. */
export function* describeReport({ results, longFiles, fileCount }: ArchitectureReport): Generator<string> {
  for (const { rule, violations } of results) {
    if (violations.length > 0) yield `${rule.name}: ${rule.says}`;
    for (const { file, line, message } of violations) yield `  ${file}:${line} ${message}`;
  }
  if (longFiles.length > 0) yield `warning: over ${longFileLines} lines: ${longFiles.join(", ")}`;
  const broken = results.filter(({ violations }) => violations.length > 0).length;
  yield `architecture: ${fileCount} files, ${results.length - broken} rules hold, ${broken} are broken`;
}

if (import.meta.main) {
  const report = checkArchitecture(fileURLToPath(new URL("..", import.meta.url)));
  for (const line of describeReport(report)) process.stdout.write(`${line}\n`);
  process.exitCode = report.results.some(({ violations }) => violations.length > 0) ? 1 : 0;
}
