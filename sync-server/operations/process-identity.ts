import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Who a process is. A process id alone is not enough: after a crash or a restart of the machine the number may
 * belong to somebody else, so the start time and the boot go with it.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started: clock ticks since boot on Linux, the text of `ps` elsewhere. Only compared. */
  readonly started: string;
  /** Changes with every boot of the machine; empty where the system does not tell. */
  readonly boot: string;
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

const bootId = (): string => readText("/proc/sys/kernel/random/boot_id").trim();

/** State letter and start time from `/proc/<pid>/stat`; the fields follow the last `)` of the command name. */
function linuxStat(pid: number): { state: string; started: string } | undefined {
  const text = readText(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  return state && started ? { state, started } : undefined;
}

function startedText(pid: number): string {
  if (process.platform === "linux") return linuxStat(pid)?.started ?? "";
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

/** The identity of a running process, this one when no `pid` is given. */
export const processIdentity = (pid = process.pid): ProcessIdentity => ({
  pid,
  started: startedText(pid),
  boot: bootId(),
});

/** Whether a process with this number runs. One that has ended and waits for its parent (a zombie) does not. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return process.platform !== "linux" || linuxStat(pid)?.state !== "Z";
}

/** Whether the very process that wrote down `identity` still runs. */
export const isSameProcess = (identity: ProcessIdentity): boolean =>
  identity.boot === bootId() && isRunning(identity.pid) && startedText(identity.pid) === identity.started;
