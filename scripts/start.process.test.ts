import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { isRunning } from "#server/operations/process-identity.ts";
import { isInstalled } from "./bootstrap.mjs";

// Real processes on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const repository = fileURLToPath(new URL("..", import.meta.url));
let parent: string;
let clone: string;
const started: ChildProcess[] = [];

/** A copy of what the launcher needs, with stand-ins for the programs, sharing the installed packages. */
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), "jamemr-start-"));
  clone = join(parent, "clone");
  for (const name of ["scripts", "domain", "package.json", "package-lock.json", ".npmrc"]) {
    cpSync(join(repository, name), join(clone, name), { recursive: true });
  }
  cpSync(join(repository, "sync-server", "operations"), join(clone, "sync-server", "operations"), {
    recursive: true,
  });
  mkdirSync(join(clone, "ai-node"));
  const standIn = (name: string) => join(clone, "scripts", "launch", "testing", name);
  cpSync(standIn("stand-in-server.ts"), join(clone, "sync-server", "main.ts"));
  cpSync(standIn("stand-in-ai-node.ts"), join(clone, "ai-node", "main.ts"));
  symlinkSync(join(repository, "node_modules"), join(clone, "node_modules"));
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGTERM");
    await new Promise((resolve) =>
      child.exitCode === null && child.signalCode === null ? child.once("exit", resolve) : resolve(0),
    );
  }
  rmSync(join(clone, "data"), { recursive: true, force: true });
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** Runs a command in the clone in a process group of its own, as a terminal does. */
function begin(command: string, ...args: string[]): { child: ChildProcess; output: () => string } {
  const child = spawn(command, args, { cwd: clone, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      text += String(chunk);
    });
  }
  started.push(child);
  return { child, output: () => text };
}

const ports = ["--port", "0", "--http-port", "0"];
const isReady = (output: () => string) =>
  expect.poll(output, { timeout: 60_000 }).toMatch(/^JamEMR is ready: /m);
const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once("close", resolve));
const pids = (): number[] => [
  ...[...readFileSync(join(clone, "data", "logs", "events"), "utf8").matchAll(/pid=(\d+)/g)].map((match) =>
    Number(match[1]),
  ),
  Number(readFileSync(join(clone, "data", "postgres", "postmaster.pid"), "utf8").split("\n")[0]),
];

describe("npm start", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("stops cleanly on %s to its process group", async (signal) => {
    const { child, output } = begin("npm", "start", "--", ...ports);
    await isReady(output);
    const running = pids();
    const exit = exitOf(child);
    process.kill(-child.pid!, signal);
    await exit;
    expect(output().match(/Stopping/g)).toHaveLength(1);
    expect(running.filter(isRunning)).toEqual([]);
    expect(existsSync(join(clone, "data", "lock"))).toBe(false);
  });

  it("stops cleanly on SIGTERM to npm alone", async () => {
    const { child, output } = begin("npm", "start", "--", ...ports);
    await isReady(output);
    const running = pids();
    const exit = exitOf(child);
    child.kill("SIGTERM");
    await exit;
    await expect.poll(() => running.filter(isRunning), { timeout: 10_000 }).toEqual([]);
  });

  it("stops cleanly when it is killed without warning, since nobody would see the practice any more", async () => {
    const { child, output } = begin(process.execPath, "scripts/start.mjs", ...ports);
    await isReady(output);
    const running = pids();
    child.kill("SIGKILL");
    await expect.poll(() => running.filter(isRunning), { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => existsSync(join(clone, "data", "lock"))).toBe(false);
  });
});

/** A start that ends by itself. */
function startFails(
  folder: string,
  env: NodeJS.ProcessEnv = {},
  flags: string[] = [],
): { status: number | null; text: string } {
  const done = spawnSync(process.execPath, [...flags, "scripts/start.mjs", ...ports], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { status: done.status, text: done.stdout + done.stderr };
}

describe("a machine that is not ready", () => {
  it("hears that its Node is too old", () => {
    const old = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.19.0"}})`;
    const { status, text } = startFails(clone, {}, ["--import", old]);
    expect({ status, text }).toMatchObject({
      status: 1,
      text: expect.stringMatching(/\(node_too_old\).*Node 18\.19\.0.*20 or newer/),
    });
  });

  it("gets the help text without anything installed", () => {
    const bare = join(parent, "bare");
    cpSync(join(clone, "scripts"), join(bare, "scripts"), { recursive: true });
    expect(
      execFileSync(process.execPath, ["scripts/start.mjs", "--help"], { cwd: bare, encoding: "utf8" }),
    ).toContain("--no-ai");
  });

  it("hears that the registry cannot be reached, and that installing failed", () => {
    const bare = join(parent, "offline");
    cpSync(join(clone, "scripts"), join(bare, "scripts"), { recursive: true });
    for (const name of ["package.json", "package-lock.json"]) cpSync(join(clone, name), join(bare, name));
    const nowhere = {
      npm_config_registry: "http://127.0.0.1:9",
      npm_config_cache: join(parent, "cache"),
      npm_config_fetch_retries: "0",
    };
    const offline = startFails(bare, nowhere);
    expect(offline).toMatchObject({ status: 1, text: expect.stringContaining("(install_offline)") });
    rmSync(join(bare, "package-lock.json"));
    const mismatch = startFails(bare, nowhere);
    expect(mismatch).toMatchObject({
      status: 1,
      text: expect.stringMatching(/\(install_failed\).*npm ci ended with 1/),
    });
  });
});

describe("installing", () => {
  it("never empties another copy's packages through a link", () => {
    const bare = join(parent, "linked");
    const other = join(parent, "other");
    cpSync(join(clone, "scripts"), join(bare, "scripts"), { recursive: true });
    for (const name of ["package.json", "package-lock.json"]) cpSync(join(clone, name), join(bare, name));
    mkdirSync(other);
    writeFileSync(join(other, "precious"), "");
    symlinkSync(other, join(bare, "node_modules"));
    expect(startFails(bare)).toMatchObject({ status: 1, text: expect.stringContaining("(install_linked)") });
    expect(existsSync(join(other, "precious"))).toBe(true);
  });
});

describe("isInstalled", () => {
  it("compares what npm installed with package-lock.json, not the times of files", () => {
    const folder = join(parent, "packages");
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    const write = (name: string, packages: object) =>
      writeFileSync(join(folder, name), JSON.stringify({ packages }));
    expect(isInstalled(folder)).toBe(false);
    write("package-lock.json", {
      "": {},
      "node_modules/a": { version: "1" },
      "node_modules/b": { version: "1", optional: true },
    });
    expect(isInstalled(folder)).toBe(false);
    write("node_modules/.package-lock.json", { "node_modules/a": { version: "1" } });
    expect(isInstalled(folder)).toBe(true);
    write("node_modules/.package-lock.json", { "node_modules/a": { version: "2" } });
    expect(isInstalled(folder)).toBe(false);
    write("node_modules/.package-lock.json", {
      "node_modules/a": { version: "1" },
      "node_modules/c": { version: "1" },
    });
    expect(isInstalled(folder)).toBe(false);
  });
});

describe("the build of the web application", () => {
  it("happens when sources changed, and a failed one leaves the last good one in place", () => {
    mkdirSync(join(clone, "pwa"));
    const source = (text: string) => writeFileSync(join(clone, "pwa", "main.js"), text);
    writeFileSync(join(clone, "vite.config.ts"), 'export default { root: "pwa" };');
    writeFileSync(join(clone, "pwa", "index.html"), '<script type="module" src="/main.js"></script>');
    const build = () => {
      const code =
        'import("./scripts/build.mjs").then((b) => b.ensureBuilt()).catch((e) => { console.error(e.code); process.exit(1); })';
      const done = spawnSync(process.execPath, ["-e", code], { cwd: clone, encoding: "utf8" });
      return {
        status: done.status,
        built: done.stderr.includes("Building"),
        code: /^build_failed$/m.test(done.stderr),
      };
    };
    const stamp = () => readFileSync(join(clone, "dist", "pwa", ".build-stamp"), "utf8");
    source("document.title = 'one'");
    expect(build()).toEqual({ status: 0, built: true, code: false });
    expect(build()).toEqual({ status: 0, built: false, code: false });
    const first = stamp();
    source("document.title = (");
    expect(build()).toEqual({ status: 1, built: true, code: true });
    expect(stamp()).toBe(first);
    source("document.title = 'two'");
    expect(build()).toEqual({ status: 0, built: true, code: false });
    expect(stamp()).not.toBe(first);
    expect(existsSync(join(clone, "dist", "pwa", "index.html"))).toBe(true);
    rmSync(join(clone, "pwa"), { recursive: true });
  });
});
