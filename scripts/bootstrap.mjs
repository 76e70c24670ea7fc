// What has to happen before TypeScript can run: install the packages and find the Node 24 among them.
// Plain JavaScript for Node 20 and newer, without packages.
import { spawn } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { StartError } from "./start-errors.mjs";

/** The repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** To standard error: standard output belongs to the command that is set up.
 *
 * @param {string} text
 */
export const say = (text) => void process.stderr.write(`${text}\n`);

/**
 * Whether node_modules is what package-lock.json asks for. npm writes the list of what it installed as its last
 * step, so an interrupted installation does not count. File times are not asked: git changes them.
 *
 * @param {string} folder
 */
export function isInstalled(folder = root) {
  const read = (...path) => {
    try {
      return JSON.parse(readFileSync(join(folder, ...path), "utf8")).packages ?? {};
    } catch {
      return undefined;
    }
  };
  const installed = read("node_modules", ".package-lock.json");
  const wanted = read("package-lock.json");
  if (!installed || !wanted) return false;
  const same = (path) => installed[path]?.version === wanted[path]?.version;
  const needed = Object.keys(wanted).filter(
    (path) => path !== "" && !wanted[path].optional && !wanted[path].peer,
  );
  return needed.every(same) && Object.keys(installed).every(same);
}

/**
 * Installs the packages when they are missing or others than package-lock.json says.
 *
 * @throws {StartError} `npm_missing`, `install_offline`, `install_failed`, `install_linked`, `install_locked`,
 *   `disk_full`
 */
export async function ensureInstalled() {
  if (isInstalled()) return linkRuntime();
  await withSetupLock(async () => {
    if (isInstalled()) return;
    refuseLink();
    say("Installing packages (once, needs the internet) …");
    const { status, output } = await npm([
      "ci",
      "--include=dev",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ]);
    if (status !== 0) throw installError(status, output);
  });
  linkRuntime();
}

/** `npm ci` empties node_modules; through a link it would empty another copy's. */
function refuseLink() {
  const path = join(root, "node_modules");
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new StartError("install_linked", { path });
}

/**
 * Packages come without their install scripts (.npmrc), whichever npm does it. Should somebody's own setting run
 * them all the same, the switches of onnxruntime-node keep it from downloading gigabytes of GPU libraries.
 *
 * The Node that runs this may be the one in node_modules, which `npm ci` deletes first: npm gets the Node that it
 * was started with, and a PATH without node_modules.
 */
function npm(args) {
  const [command, first] = process.env.npm_execpath?.endsWith(".js")
    ? [process.env.npm_node_execpath ?? process.execPath, [process.env.npm_execpath]]
    : ["npm", []];
  const outside = (path) => !path.startsWith(join(root, "node_modules"));
  const PATH = (process.env.PATH ?? "").split(delimiter).filter(outside).join(delimiter);
  const skip = { ONNXRUNTIME_NODE_INSTALL: "skip", ONNXRUNTIME_NODE_INSTALL_CUDA: "skip" };
  const env = { ...process.env, PATH, ...skip };
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      cwd: root,
      env,
      stdio: ["ignore", "inherit", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (chunk) => {
      output = (output + String(chunk)).slice(-20_000);
      process.stderr.write(chunk);
    });
    child.once("error", () => reject(new StartError("npm_missing")));
    child.once("close", (status) => resolve({ status, output }));
  });
}

function installError(status, output) {
  const offline =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|ENOTCACHED)\b/;
  const reason = offline.exec(output)?.[1];
  if (reason && !output.includes("command failed")) return new StartError("install_offline", { reason });
  if (/\bENOSPC\b/.test(output)) return new StartError("disk_full", { path: root, free: 0 });
  return new StartError("install_failed", { status });
}

/** One installation or build at a time in this folder. */
export async function withSetupLock(work) {
  const path = join(root, "dist", ".setup.lock");
  mkdirSync(dirname(path), { recursive: true });
  for (let attempt = 0; !claim(path); attempt++) {
    const pid = holder(path);
    if (pid !== undefined && !runs(pid)) rmSync(path, { force: true });
    else if (attempt === 0) say("Another start is installing or building here; waiting for it …");
    else if (attempt > 1200) throw new StartError("install_locked", { pid, path });
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function claim(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function holder(path) {
  try {
    return Number(readFileSync(path, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

const modules = join(root, "node_modules");
const system = process.platform === "win32" ? "win" : process.platform;
const installedRuntime = join(modules, `node-${system}-${process.arch}`, "bin", "node");

/**
 * The Node 24 that npm installed, or this one where no package exists for the platform.
 *
 * @throws {StartError} `runtime_missing`
 */
export function runtime() {
  if (existsSync(installedRuntime)) return installedRuntime;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new StartError("runtime_missing", { path: installedRuntime });
}

/**
 * Puts `node` back into node_modules/.bin: npm 10 takes it away together with the Node packages of the other
 * platforms, which it tries and removes.
 */
function linkRuntime() {
  const link = join(modules, ".bin", "node");
  if (process.platform === "win32" || existsSync(link) || !existsSync(installedRuntime)) return;
  rmSync(link, { force: true });
  symlinkSync(relative(dirname(link), installedRuntime), link);
}

/**
 * The environment in which `node` and the tools of the packages are found first, and in which onnxruntime-node, whoever
 * loads it, reports to nobody.
 */
export const runtimeEnv = () => ({
  ...process.env,
  ORT_DISABLE_TELEMETRY: "1",
  PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
});

/** Runs a program of the repository with Node 24, passes signals on, and returns its exit status. */
export function runNode(args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(runtime(), args, { cwd: root, env: runtimeEnv(), stdio: "inherit", ...options });
    const forward = (signal) => child.kill(signal);
    process.on("SIGTERM", forward).on("SIGHUP", forward);
    // A terminal sends Ctrl-C to the program too; this process only waits for its end.
    const ignore = () => {};
    process.on("SIGINT", ignore);
    child.once("error", reject);
    child.once("close", (status) => {
      process.off("SIGTERM", forward).off("SIGHUP", forward).off("SIGINT", ignore);
      resolve(status ?? 1);
    });
  });
}
