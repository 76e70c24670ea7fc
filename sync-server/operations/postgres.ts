import { type ChildProcess, spawn } from "node:child_process";
import {
  chown,
  lchown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { monotonic, sleep } from "#domain/kernel/clock.ts";
import { OperationError, systemCode } from "./operation-error.ts";
import { locatePostgres, type PostgresFiles, type RunAs } from "./postgres-files.ts";
import { type PostgresSecrets, readOrCreateSecrets, writeSecrets } from "./postgres-secrets.ts";
import { readIfPresent, syncFolder } from "./private-file.ts";
import { isRunning } from "./process-identity.ts";

export interface PostgresOptions {
  /** The cluster's folder, made when absent; `<data>/postgres` in a practice. */
  readonly directory: string;
  /** File with the passwords and the port (0600); `<data>/keys/postgres` in a practice. */
  readonly secretsFile: string;
  /** Where PostgreSQL writes its messages. */
  readonly logFile: string;
  /** False only for tests: no fsync, so a power cut may destroy the cluster. */
  readonly durable?: boolean;
  /** Another copy of PostgreSQL's programs; only tests need it. */
  readonly native?: string;
}

export interface RunningPostgres {
  /** Address with the superuser's login, database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly secrets: PostgresSecrets;
  /** True when a server that an earlier launcher left behind was taken over as it ran. */
  readonly reused: boolean;
  isRunning(): boolean;
  /** Ends the server after its transactions are rolled back and everything is on disk. Safe to call twice. */
  stop(): Promise<void>;
}

const startMilliseconds = 60_000;
const pollMilliseconds = 25;

/**
 * Starts the PostgreSQL that comes with JamEMR, or takes over the one that an earlier launcher left running.
 *
 * It listens on 127.0.0.1 only and every login needs its password (SCRAM). The caller holds the data folder's lock.
 *
 * As root the server runs as user `postgres`, who may not enter the data folder (0700). It gets the cluster's
 * folder as an open descriptor and knows it as `/proc/self/fd/3`, so nothing has to be opened up or moved out.
 *
 * @throws {OperationError} `postgres_start` (with the last lines of its log), `postgres_version`, `disk_full`,
 *   and those of `locatePostgres`
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const files = await locatePostgres(options.native);
  const secrets = await readOrCreateSecrets(options.secretsFile);
  const left = await takeOver(options.directory, files, secrets);
  if (left) return running(options, secrets, left, true);
  await createCluster(options.directory, files, secrets);
  await refuseOtherVersion(options.directory, files);
  await own(options.directory, files.runAs);
  for (let attempt = 1; ; attempt++) {
    const port = attempt === 1 && secrets.port !== null ? secrets.port : await freePort();
    const chosen = { ...secrets, port };
    if (port !== secrets.port) await writeSecrets(options.secretsFile, chosen);
    const failure = await launch(options, files, chosen);
    if (typeof failure === "number") return running(options, chosen, failure, false);
    if (attempt >= 5 || !failure.includes("Address already in use")) throw startError(options, failure);
  }
}

const adminAddress = (secrets: PostgresSecrets): string =>
  `postgres://postgres:${secrets.passwords.postgres}@127.0.0.1:${secrets.port}/postgres`;

function running(
  options: PostgresOptions,
  secrets: PostgresSecrets,
  pid: number,
  reused: boolean,
): RunningPostgres {
  const port = secrets.port ?? 0;
  return {
    adminUrl: adminAddress(secrets),
    port,
    pid,
    secrets,
    reused,
    isRunning: () => isRunning(pid),
    stop: () => stopServer(options.directory, pid),
  };
}

function startError(options: PostgresOptions, failure: string): OperationError {
  const full = /No space left on device/.test(failure);
  if (full) return new OperationError("disk_full", { path: options.directory, free: 0 });
  return new OperationError("postgres_start", { log: options.logFile, reason: failure });
}

/** A port that nobody listens on now, chosen by the system among the ephemeral ones. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return address.port;
}

/** Process id and port of the server that says it serves this cluster. */
async function readPostmaster(directory: string): Promise<{ pid: number; port: number } | undefined> {
  const text = await readIfPresent(join(directory, "postmaster.pid"));
  const lines = text?.split("\n") ?? [];
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return Number.isInteger(pid) && pid > 0 ? { pid, port } : undefined;
}

/**
 * After `kill -9` of the launcher its PostgreSQL lives on. It is used again when it answers with our password and
 * is of our version; otherwise it is stopped. Returns its process id when it can be used.
 */
async function takeOver(
  directory: string,
  files: PostgresFiles,
  secrets: PostgresSecrets,
): Promise<number | undefined> {
  const left = await readPostmaster(directory);
  if (!left) return undefined;
  if (!(await serves(left.pid, directory))) {
    // After a power cut the number may be another program's. The data folder's lock says that nobody is inside.
    await rm(join(directory, "postmaster.pid"), { force: true });
    return undefined;
  }
  if (left.port === secrets.port && (await serverVersion(secrets)) === files.version) return left.pid;
  await stopServer(directory, left.pid);
  return undefined;
}

/** Whether this process is a PostgreSQL at work in this very folder. */
async function serves(pid: number, directory: string): Promise<boolean> {
  if (!isRunning(pid)) return false;
  if (process.platform !== "linux") return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === (await realpath(directory));
}

async function serverVersion(secrets: PostgresSecrets): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: adminAddress(secrets), connectionTimeoutMillis: 3000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>("show server_version");
    return rows[0]?.server_version;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => {});
  }
}

/** A cluster is only put in place complete, so an interrupted first start leaves nothing half made. */
async function createCluster(
  directory: string,
  files: PostgresFiles,
  secrets: PostgresSecrets,
): Promise<void> {
  if (await stat(join(directory, "PG_VERSION")).catch(() => undefined)) return;
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700, recursive: true });
  const temporary = await mkdtemp(join(tmpdir(), "jamemr-initdb-"));
  const passwordFile = join(temporary, "password");
  try {
    await writeFile(passwordFile, `${secrets.passwords.postgres}\n`, { mode: 0o600 });
    for (const path of [draft, temporary, passwordFile]) await own(path, files.runAs);
    await runInitdb(draft, files, passwordFile);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  await rename(draft, directory);
  await syncFolder(dirname(directory));
}

async function runInitdb(directory: string, files: PostgresFiles, passwordFile: string): Promise<void> {
  const options = [
    "--username=postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Sorts by code point like C, the same on every machine, and knows upper and lower case beyond ASCII.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
  ];
  const child = await spawnProgram("initdb", options, directory, files, "pipe");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code === 0) return;
  if (/No space left on device/.test(output))
    throw new OperationError("disk_full", { path: directory, free: 0 });
  throw new OperationError("postgres_start", { log: directory, reason: output.trim().slice(-600) });
}

async function refuseOtherVersion(directory: string, files: PostgresFiles): Promise<void> {
  const found = (await readFile(join(directory, "PG_VERSION"), "utf8")).trim();
  const known = files.version.split(".")[0]!;
  if (found !== known) throw new OperationError("postgres_version", { path: directory, found, known });
}

/** Gives a folder to PostgreSQL's user, e.g. after a restore by root; nothing to do when it has it already. */
async function own(path: string, runAs: RunAs | undefined): Promise<void> {
  if (!runAs) return;
  const now = await stat(path);
  if (now.uid === runAs.uid && now.gid === runAs.gid) return;
  const inside = now.isDirectory() ? await readdir(path, { recursive: true }) : [];
  for (const name of inside) await lchown(join(path, name), runAs.uid, runAs.gid);
  await chown(path, runAs.uid, runAs.gid);
}

/** Starts one of PostgreSQL's programs on a cluster's folder, which it gets as descriptor 3 when run as root. */
async function spawnProgram(
  program: "initdb" | "postgres",
  options: readonly string[],
  directory: string,
  files: PostgresFiles,
  output: "pipe" | number,
): Promise<ChildProcess> {
  const throughDescriptor = files.runAs !== undefined && process.platform === "linux";
  const folder = await open(directory, "r");
  try {
    return spawn(
      join(files.native, "bin", program),
      ["-D", throughDescriptor ? "/proc/self/fd/3" : directory, ...options],
      {
        ...files.runAs,
        cwd: "/",
        env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
        stdio: ["ignore", output, output, ...(throughDescriptor ? [folder.fd] : [])],
        // Its own process group: Ctrl-C in a terminal reaches the launcher alone, which stops the database last.
        detached: true,
      },
    );
  } finally {
    await folder.close();
  }
}

const settings = (port: number, durable: boolean): string[] => {
  const values: Record<string, string> = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    password_encryption: "scram-sha-256",
    log_checkpoints: "off",
    // A statement that fails is quoted with its values, which are words of a chart: only the server's own state is logged.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    max_connections: "200",
    ...(!durable && { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
};

/** Returns the process id once the server answers, or the last lines of its log when it does not. */
async function launch(
  options: PostgresOptions,
  files: PostgresFiles,
  secrets: PostgresSecrets,
): Promise<number | string> {
  const log = await open(options.logFile, "a", 0o600);
  const begin = (await log.stat()).size;
  let ended: string | undefined;
  try {
    const flags = settings(secrets.port ?? 0, options.durable ?? true);
    const child = await spawnProgram("postgres", flags, options.directory, files, log.fd);
    child.once("error", (error) => (ended = String(error)));
    child.once("exit", (code, signal) => (ended ??= `ended with ${code ?? signal}`));
    child.unref();
    const deadline = monotonic() + startMilliseconds;
    while (ended === undefined && monotonic() < deadline) {
      if ((await serverVersion(secrets)) && ended === undefined && child.pid) return child.pid;
      await sleep(pollMilliseconds);
    }
    if (ended === undefined && child.pid) await stopServer(options.directory, child.pid);
    const written = (await readFile(options.logFile)).subarray(begin).toString().trim();
    return `${ended ?? "no answer"}: ${written.slice(-600)}`;
  } finally {
    await log.close();
  }
}

/** Fast shutdown (SIGINT), then less kindly: immediate (SIGQUIT) after 30 s, SIGKILL after 40 s. */
async function stopServer(directory: string, pid: number): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ["SIGINT", 30_000],
    ["SIGQUIT", 10_000],
    ["SIGKILL", 5_000],
  ];
  for (const [signal, milliseconds] of steps) {
    if (!isRunning(pid)) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (systemCode(error) !== "ESRCH") throw error;
    }
    const deadline = monotonic() + milliseconds;
    while (isRunning(pid) && monotonic() < deadline) await sleep(pollMilliseconds);
  }
  if (isRunning(pid)) throw new OperationError("postgres_stop", { path: directory, pid });
}
