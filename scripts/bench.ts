import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** One line of a benchmark: JamEMR beside a peer, measured in the same run. */
export interface BenchRow {
  readonly row: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** value / peerValue. */
  readonly ratio: number | null;
  /** As written in docs, e.g. `≤ 0.5 × RxDB+Dexie`. */
  readonly goal: string | null;
  readonly met: boolean | null;
}

const repository = fileURLToPath(new URL("..", import.meta.url));
const help = "npm run bench -- NAME [--json]\n";

/** The folders under bench/ that measure something. */
export function benchNames(root = repository): string[] {
  const folder = join(root, "bench");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "index.ts")))
    .sort();
}

interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** @returns the exit status: 0 = measured (goals met or not), 1 = failed, 2 = no such benchmark */
export async function runBench(
  args: readonly string[],
  { out, err }: Output,
  root = repository,
): Promise<number> {
  const json = args.includes("--json");
  const [name, ...rest] = args.filter((arg) => arg !== "--json");
  const known = benchNames(root);
  const valid = `NAME is one of: ${known.join(", ") || "(none yet)"}\n`;
  if (name === "--help" || name === "-h") {
    out(help + valid);
    return 0;
  }
  if (name === undefined || !known.includes(name) || rest.length > 0) {
    err(
      `${name === undefined ? "" : `There is no benchmark "${[name, ...rest].join(" ")}". `}${help}${valid}`,
    );
    return 2;
  }
  try {
    const file = join(root, "bench", name, "index.ts");
    const { rows } = (await import(pathToFileURL(file).href)) as { rows(): Promise<readonly BenchRow[]> };
    const measured = await rows();
    out(json ? `${JSON.stringify(measured, null, 2)}\n` : formatRows(measured));
    return 0;
  } catch (error) {
    err(`bench ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
}

const columns = ["", "JamEMR", "unit", "ratio", "peer", "peer's", "goal", "met"] as const;
const rightAligned = new Set<number>([1, 3, 5]);

/** A table for people: names left, numbers right. */
export function formatRows(rows: readonly BenchRow[]): string {
  const cells = rows.map(({ row, value, unit, ratio, peer, peerValue, goal, met }) => [
    row,
    number(value),
    unit,
    ratio === null ? "" : ratio.toFixed(2),
    peer ?? "",
    number(peerValue),
    goal ?? "",
    met === null ? "" : met ? "yes" : "NO",
  ]);
  const widths = columns.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]!.length)));
  const format = (line: readonly string[]) =>
    line
      .map((cell, i) => (rightAligned.has(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return `${[columns, ...cells].map(format).join("\n")}\n`;
}

/** Three significant digits, without an exponent. */
function number(value: number | null): string {
  if (value === null) return "";
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

if (import.meta.main) {
  process.exitCode = await runBench(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
}
