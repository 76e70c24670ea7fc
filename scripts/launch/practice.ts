import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { every, monotonic, sleep } from "#domain/kernel/clock.ts";
import {
  checkFreeSpace,
  type DataFolder,
  ensureLayout,
  inFolder,
  openDataFolder,
} from "#server/operations/data-folder.ts";
import { type DataFolderLock, lockDataFolder } from "#server/operations/data-folder-lock.ts";
import { type RunningPostgres, startPostgres } from "#server/operations/postgres.ts";
import {
  type DatabaseUrls,
  ensureRoles,
  parseDatabaseUrl,
  prepareExternalDatabase,
} from "#server/operations/postgres-roles.ts";
import { readOrCreateSecrets } from "#server/operations/postgres-secrets.ts";
import { type Facts, StartError } from "../start-errors.mjs";
import type { StartOptions } from "../start-options.mjs";
import { openLog, rotateIfLarge } from "./log-file.ts";
import { checkPorts, practicePorts } from "./ports.ts";
import { type ProcessEvent, type SupervisedProcess, superviseProcess } from "./supervised-process.ts";

/** The programs that make up a practice; tests put stand-ins here. */
export interface Programs {
  /** The repository: working directory of every program. */
  readonly root: string;
  readonly server: string;
  readonly aiNode: string;
  /** Module with `prepareModels({cacheDir, modelsDir})`; left out when there is no such file. */
  readonly prepareModels: string;
  /** Start the server again whenever one of its files changes (`npm run dev`). */
  readonly watch?: boolean;
}

export interface Messages {
  /** One line for the person at the machine. */
  say(line: string): void;
  warn(line: string): void;
}

export interface Practice {
  readonly httpPort: number;
  /** AI node, then server, then database; then the data folder is free. Safe to call at any time, and twice. */
  stop(): Promise<void>;
  /** Ends everything at once; what was acknowledged is safe, PostgreSQL recovers at the next start. */
  kill(): void;
}

const crashPatience = 10_000;
const readySeconds = 300;
const databaseCheckMilliseconds = 2000;

/** What runs, in the order in which it was started. Stopping goes backwards. */
interface Running {
  /** Aborted when the practice is asked to stop: whatever waits gives up. */
  readonly stopping: AbortSignal;
  lock?: DataFolderLock;
  postgres?: RunningPostgres;
  stopWatchingDatabase?: () => Promise<void>;
  server?: SupervisedProcess;
  aiNode?: SupervisedProcess;
}

/**
 * Starts a whole practice and resolves when it is ready: the server answers `/readyz` and the AI node has
 * registered (not waited for with `noAi`).
 *
 * @param handle receives `stop` and `kill` before anything runs, so that a signal during the start finds them
 * @throws {StartError | OperationError} with a code of start-errors.mjs; everything started is stopped again
 */
export async function startPractice(
  options: StartOptions,
  programs: Programs,
  messages: Messages,
  handle: (practice: Pick<Practice, "stop" | "kill">) => void = () => {},
): Promise<Practice> {
  const controller = new AbortController();
  const running: Running = { stopping: controller.signal };
  const starting = startAll(options, programs, messages, running);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    controller.abort();
    // Whatever is being started comes to its end first, so that nothing starts after everything was stopped.
    stopped ??= starting.then(
      () => stopAll(running),
      () => stopAll(running),
    );
    return stopped;
  };
  const kill = () => killAll(running);
  handle({ stop, kill });
  try {
    return { httpPort: await starting, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  options: StartOptions,
  programs: Programs,
  messages: Messages,
  running: Running,
): Promise<number> {
  const data = await openData(options, running);
  running.stopping.throwIfAborted();
  const database = await startDatabase(options, data, running, messages);
  running.stopping.throwIfAborted();
  const httpPort = await startServer(options, programs, messages, data, database, running);
  running.stopping.throwIfAborted();
  if (!options.noAi) await startAiNode(programs, messages, data, httpPort, running);
  return httpPort;
}

async function stopAll(running: Running): Promise<void> {
  await running.aiNode?.stop();
  await running.server?.stop();
  await running.stopWatchingDatabase?.();
  await running.postgres?.stop();
  await running.lock?.release();
}

function killAll(running: Running): void {
  running.aiNode?.kill();
  running.server?.kill();
  if (running.postgres?.isRunning()) process.kill(running.postgres.pid, "SIGQUIT");
}

async function openData(options: StartOptions, running: Running): Promise<DataFolder> {
  if (options.databaseUrl !== undefined) parseDatabaseUrl(options.databaseUrl);
  await ensureLayout(options.data);
  await checkFreeSpace(options.data);
  running.lock = await lockDataFolder(options.data);
  const data = await openDataFolder(options.data);
  const patience = running.lock.recovered ? crashPatience : 0;
  await checkPorts(practicePorts(options.port, options.httpPort), patience);
  return data;
}

/** The addresses of the database, read at every start of the server: a restarted PostgreSQL may have moved. */
type CurrentDatabase = () => DatabaseUrls;

async function startDatabase(
  options: StartOptions,
  data: DataFolder,
  running: Running,
  messages: Messages,
): Promise<CurrentDatabase> {
  const secretsFile = inFolder(data.path, "keys", "postgres");
  if (options.databaseUrl !== undefined) {
    const secrets = await readOrCreateSecrets(secretsFile);
    const given = process.env.JAMEMR_DATABASE_APP_URL || undefined;
    const urls = await prepareExternalDatabase(options.databaseUrl, given, secrets);
    return () => urls;
  }
  if (data.created) messages.say("Making a database …");
  const logFile = inFolder(data.path, "logs", "postgres.log");
  const start = async (): Promise<DatabaseUrls> => {
    rotateIfLarge(logFile);
    running.postgres = await startPostgres({
      directory: inFolder(data.path, "postgres"),
      secretsFile,
      logFile,
    });
    return ensureRoles(running.postgres.adminUrl, running.postgres.secrets);
  };
  let urls = await start();
  const restart = async () => {
    messages.warn("The database ended unexpectedly; it starts again.");
    try {
      const before = urls.ownerUrl;
      urls = await start();
      if (urls.ownerUrl !== before && running.server?.pid) process.kill(running.server.pid, "SIGTERM");
    } catch (error) {
      messages.warn(`The database could not be started again: ${String(error)}`);
    }
  };
  let busy = Promise.resolve();
  const cancel = every(databaseCheckMilliseconds, () => {
    if (!running.postgres?.isRunning() && !running.stopping.aborted) busy = restart();
    return busy;
  });
  running.stopWatchingDatabase = () => {
    cancel();
    return busy;
  };
  return () => urls;
}

/** Resolves with the actual HTTP port once the server answers `/readyz`. */
async function startServer(
  options: StartOptions,
  programs: Programs,
  messages: Messages,
  data: DataFolder,
  database: CurrentDatabase,
  running: Running,
): Promise<number> {
  const logFile = inFolder(data.path, "logs", "server.log");
  const ports = { http: options.httpPort, https: options.port };
  let ready = false;
  let failed: StartError | undefined;
  let listening = false;
  running.server = superviseProcess({
    name: "sync server",
    program: programs.server,
    ...(programs.watch && {
      watch: ["sync-server", "domain", "migrations"].map((folder) => join(programs.root, folder)),
    }),
    cwd: programs.root,
    env: () => ({
      ...process.env,
      JAMEMR_DATA: data.path,
      JAMEMR_PORT: String(ports.https),
      JAMEMR_HTTP_PORT: String(ports.http),
      DATABASE_URL: database().ownerUrl,
      JAMEMR_DATABASE_APP_URL: database().appUrl,
      ...(options.empty && { JAMEMR_EMPTY: "1" }),
    }),
    log: openLog(logFile),
    notice: messages.warn,
    onEvent(event) {
      if (event.event === "listening") {
        Object.assign(ports, portsOf(event));
        listening = true;
      } else if (event.event === "failed") failed = failureOf(event, options, database().ownerUrl);
    },
    onExit(status, tail) {
      if (!ready) failed ??= new StartError("server_failed", { status, log: logFile, reason: tail });
      return ready;
    },
    graceMilliseconds: 20_000,
  });
  running.server.start();
  const deadline = monotonic() + readySeconds * 1000;
  while (!(listening && (await answersReady(ports.http)))) {
    if (failed && running.server.pid === undefined) throw failed;
    if (monotonic() > deadline)
      throw new StartError("server_silent", { seconds: readySeconds, log: logFile });
    running.stopping.throwIfAborted();
    await sleep(100, running.stopping);
  }
  ready = true;
  return ports.http;
}

function portsOf(event: ProcessEvent): { http?: number; https?: number } {
  const { http, https } = event;
  return { ...(typeof http === "number" && { http }), ...(typeof https === "number" && { https }) };
}

/**
 * `{"event":"failed","code":"…","facts":{…}}`: a program that knows why it cannot start. What it does not know, which
 * flag sets the port and where the database is, is added here.
 */
function failureOf(event: ProcessEvent, options: StartOptions, databaseUrl: string): StartError | undefined {
  if (typeof event.code !== "string") return undefined;
  const facts = typeof event.facts === "object" ? (event.facts as Facts) : {};
  const wanted = practicePorts(options.port, options.httpPort).find(({ port }) => port === facts.port);
  const { hostname, port } = new URL(databaseUrl);
  const known =
    event.code === "port_taken" ? { ...wanted } : { host: hostname, port: port || "5432", reason: "lost" };
  return new StartError(event.code, { ...known, ...facts });
}

async function answersReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Resolves once the AI node has registered, however many tries it takes: the clinic works without it meanwhile. */
async function startAiNode(
  programs: Programs,
  messages: Messages,
  data: DataFolder,
  httpPort: number,
  running: Running,
): Promise<void> {
  const tokenFile = inFolder(data.path, "ai-node", "token");
  if (data.config.kind === "real" && !existsSync(tokenFile)) {
    messages.say("No AI node is registered here yet (npm run -s jamemr -- token create --help).");
    return;
  }
  await Promise.race([prepareModels(programs, messages, data), aborted(running.stopping)]);
  if (running.stopping.aborted) return;
  const registration = new Promise<void>((resolve) => {
    let registered = false;
    running.aiNode = superviseProcess({
      name: "AI node",
      program: programs.aiNode,
      cwd: programs.root,
      env: () => ({
        ...withoutDatabase(process.env),
        // The node sets it itself before the runtime is loaded; here it also holds for whatever the node starts.
        ORT_DISABLE_TELEMETRY: "1",
        JAMEMR_URL: `http://127.0.0.1:${httpPort}`,
        JAMEMR_TOKEN_FILE: tokenFile,
        JAMEMR_MODELS: inFolder(data.path, "models"),
      }),
      log: openLog(inFolder(data.path, "logs", "ai-node.log")),
      notice: messages.warn,
      onEvent(event) {
        if (event.event !== "node_announced") return;
        registered = true;
        resolve();
      },
      onExit() {
        if (!registered)
          messages.warn(
            `The AI node is not ready; its log is ${inFolder(data.path, "logs", "ai-node.log")}.`,
          );
        return true;
      },
      graceMilliseconds: 10_000,
    });
    running.aiNode.start();
  });
  await Promise.race([registration, aborted(running.stopping)]);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** The AI node holds no records and gets no way to the database. */
function withoutDatabase(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL: _url, JAMEMR_DATABASE_APP_URL: _appUrl, JAMEMR_DATA: _data, ...rest } = env;
  return rest;
}

/** Links the speech and language models into the data folder. Without them the node still reads and drafts. */
async function prepareModels(programs: Programs, messages: Messages, data: DataFolder): Promise<void> {
  if (!existsSync(programs.prepareModels)) return;
  const { prepareModels: prepare } = (await import(pathToFileURL(programs.prepareModels).href)) as {
    prepareModels(folders: { cacheDir: string; modelsDir: string }): Promise<unknown>;
  };
  const home = process.env.XDG_CACHE_HOME || join(process.env.HOME || data.path, ".cache");
  try {
    await prepare({ cacheDir: join(home, "jamemr", "models"), modelsDir: inFolder(data.path, "models") });
  } catch (error) {
    messages.warn(`The AI models are not ready: ${error instanceof Error ? error.message : String(error)}`);
  }
}
