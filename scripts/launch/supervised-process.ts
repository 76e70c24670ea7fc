import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { after, monotonic } from "#domain/kernel/clock.ts";
import { watchSources } from "./watch-sources.ts";

/** A JSON line from a program's standard output that has an `event`; see the launcher for those it knows. */
export type ProcessEvent = Readonly<Record<string, unknown>> & { readonly event: string };

export interface ProcessOptions {
  /** What people read in messages, e.g. `sync server`. */
  readonly name: string;
  /** Path of a TypeScript or JavaScript program for this Node. */
  readonly program: string;
  /**
   * For development: folders whose files start it again when they change. What it says on standard error is then shown,
   * and after a crash it waits for the next change.
   */
  readonly watch?: readonly string[];
  readonly cwd: string;
  /** Asked before every start, so that a restart sees the ports and addresses of now. */
  readonly env: () => NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  /** A line worth a person's attention: an error in the log, a restart. */
  readonly notice: (line: string) => void;
  readonly onEvent: (event: ProcessEvent) => void;
  /** Returns false when the process must not be started again (it failed before it was ever ready). */
  readonly onExit: (status: string, tail: string) => boolean;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMilliseconds: number;
}

export interface SupervisedProcess {
  readonly pid: number | undefined;
  start(): void;
  /** Stops it and never starts it again. Resolves when the process and its group are gone. */
  stop(): Promise<void>;
  /** Ends it and everything it started at once. */
  kill(): void;
}

const followParent = fileURLToPath(new URL("follow-parent.mjs", import.meta.url));
const firstWait = 500;
const longestWait = 15_000;
/** After this long without a crash the next one is treated as the first. */
const calmMilliseconds = 60_000;
const tailLines = 12;
/** Milliseconds for a program to end when one of its files changed. */
const restartGrace = 3000;

/** Keeps one program running: starts it again after a crash, with pauses that double from 0.5 s to 15 s. */
export function superviseProcess(options: ProcessOptions): SupervisedProcess {
  let child: ChildProcess | undefined;
  let wait = firstWait;
  let stopping = false;
  let cancelRestart = () => {};
  let changed = false;

  const start = () => {
    const startedAt = monotonic();
    const tail: string[] = [];
    const running = spawnProgram(options);
    child = running;
    readLines(running, options, tail);
    running.once("error", (error) => tail.push(String(error)));
    // Whatever it started ends with it, and lets go of its output.
    running.once("exit", () => killGroup(running));
    running.once("close", (code, signal) => {
      child = undefined;
      if (changed && !stopping) {
        changed = false;
        start();
        return;
      }
      const status = signal ? `stopped by ${signal}` : `status ${code}`;
      if (stopping || !options.onExit(status, tail.join("\n"))) return;
      if (options.watch) {
        options.notice(
          `The ${options.name} ended (${status}); it starts again when one of its files changes.`,
        );
        return;
      }
      if (monotonic() - startedAt > calmMilliseconds) wait = firstWait;
      options.notice(`The ${options.name} ended (${status}); it starts again in ${wait / 1000} s.`);
      cancelRestart = after(wait, start);
      wait = Math.min(wait * 2, longestWait);
    });
  };

  const stopWatching = options.watch
    ? watchSources(options.watch, () => {
        if (stopping || changed) return;
        options.notice(`The ${options.name} starts again: one of its files changed.`);
        if (!child) return start();
        changed = true;
        const running = child;
        after(restartGrace, () => running === child && killGroup(running));
        running.kill("SIGTERM");
      })
    : () => {};

  return {
    get pid() {
      return child?.pid;
    },
    start,
    async stop() {
      stopping = true;
      stopWatching();
      cancelRestart();
      const running = child;
      if (!running) return;
      await new Promise<void>((resolve) => {
        const cancel = after(options.graceMilliseconds, () => killGroup(running));
        running.once("close", () => {
          cancel();
          resolve();
        });
        running.kill("SIGTERM");
      });
    },
    kill() {
      stopping = true;
      stopWatching();
      cancelRestart();
      if (child) killGroup(child);
    },
  };
}

function spawnProgram({ program, cwd, env }: ProcessOptions): ChildProcess {
  return spawn(process.execPath, ["--import", followParent, program], {
    cwd,
    env: { ...env(), JAMEMR_PARENT_FD: "3", JAMEMR_FOLLOW_PARENT: "1" },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    // Its own process group: Ctrl-C reaches the launcher alone, which stops everything in order.
    detached: true,
  });
}

/** Ends whatever a program left behind in its process group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // nobody is left in the group
  }
}

function readLines(child: ChildProcess, options: ProcessOptions, tail: string[]): void {
  const remember = (line: string) => {
    tail.push(line);
    if (tail.length > tailLines) tail.shift();
    options.log(line);
  };
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      remember(line);
      const record = parseRecord(line);
      if (!record) return;
      if (typeof record.event === "string") options.onEvent({ ...record, event: record.event });
      if (typeof record.level === "number" && record.level >= 50) {
        options.notice(`${options.name}: ${String(record.msg ?? record.event ?? "error, see its log")}`);
      }
    });
  }
  if (child.stderr)
    createInterface({ input: child.stderr }).on("line", (line) => {
      remember(line);
      if (options.watch) options.notice(line);
    });
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
