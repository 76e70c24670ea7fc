import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Command, type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { explainFailure } from "./command-failures.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));

export interface CommandEntry {
  readonly name: string;
  /** From the repository's root; loaded only when the command is used. */
  readonly module: string;
  readonly summary: string;
}

const server = (name: string, summary: string): CommandEntry => ({
  name,
  summary,
  module: `sync-server/commands/${name}.ts`,
});
const ai = (name: string, summary: string): CommandEntry => ({
  name,
  summary,
  module: `ai-node/commands/${name}.ts`,
});

/** Every operator command. Adding one is adding a line and its module. */
export const commands: readonly CommandEntry[] = [
  server("init", "make a real practice in an empty data folder"),
  server("state", "what this practice is, runs and holds"),
  server("selftest", "check a running deployment from outside"),
  server("backup", "write a backup of everything"),
  server("restore", "bring a backup into an empty data folder"),
  server("audit", "verify or export the audit log"),
  server("user", "list people, end their sessions"),
  server("token", "create, list and revoke service tokens"),
  server("device", "list, revoke and wipe tablets"),
  server("import", "bring in patients from CSV or Synthea"),
  ai("transcribe", "turn recordings into text with speakers"),
  ai("draft", "turn transcripts into note drafts with evidence"),
  ai("read-document", "read values from scanned documents"),
];

/**
 * Runs one operator command: `npm run -s jamemr -- NAME …`. `--help` works everywhere; errors go to standard error.
 *
 * @returns the exit status: 0 = done, 1 = failed, 2 = not understood
 */
export async function runJamemr(
  args: readonly string[],
  io: CommandIo,
  table: readonly CommandEntry[] = commands,
  root = repository,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? io.stderr : io.stdout).write(listing(table, root));
    return name === undefined ? 2 : 0;
  }
  const entry = table.find((candidate) => candidate.name === name);
  if (!entry) {
    io.stderr.write(`"${name}" is not a command.\n\n${listing(table, root)}`);
    return 2;
  }
  const file = join(root, entry.module);
  if (!existsSync(file)) {
    io.stderr.write(`This version does not have the command "${name}" (${entry.module}).\n`);
    return 2;
  }
  const { command } = (await import(pathToFileURL(file).href)) as { command: Command };
  if (asksForHelp(rest)) {
    io.stdout.write(`${command.usage.trim()}\n`);
    return 0;
  }
  return runCommand(command, rest, io);
}

/** A `--help` after `--` belongs to the data. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}

async function runCommand(command: Command, args: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await command.run(args, io);
  } catch (error) {
    if (error instanceof CommandUsageError) {
      io.stderr.write(`${error.message}\n\n${command.usage.trim()}\n`);
      return 2;
    }
    io.stderr.write(`${command.name}: ${explainFailure(error)}\n`);
    if (io.env.JAMEMR_DEBUG && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return 1;
  }
}

/** Only what this version has: a name without its module is kept for a later one. */
function listing(all: readonly CommandEntry[], root: string): string {
  const table = all.filter(({ module }) => existsSync(join(root, module)));
  const width = Math.max(...table.map(({ name }) => name.length));
  const lines = table.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `npm run -s jamemr -- COMMAND [options]\n\n${lines.join("\n")}\n\nEvery command explains itself with --help.\n`;
}

if (import.meta.main) {
  // `jamemr … | head` closes our output early; that is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? 0 : 1);
  });
  const { stdin, stdout, stderr, env } = process;
  process.exitCode = await runJamemr(process.argv.slice(2), { stdin, stdout, stderr, env });
}
