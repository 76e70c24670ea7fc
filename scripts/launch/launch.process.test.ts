import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sleep } from "#domain/kernel/clock.ts";
import { ensureLayout, openDataFolder } from "#server/operations/data-folder.ts";
import { isRunning } from "#server/operations/process-identity.ts";

// Real processes on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const program = fileURLToPath(new URL("testing/launch-stand-ins.ts", import.meta.url));
const isRoot = process.getuid?.() === 0;
let parent: string;
let data: string;
const launchers: Launcher[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "jamemr-launch-"));
  data = join(parent, "practice");
});
afterEach(async () => {
  for (const launcher of launchers.splice(0)) await launcher.end();
  await rm(parent, { recursive: true, force: true });
});

class Launcher {
  output = "";
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;

  constructor(args: string[], env: NodeJS.ProcessEnv = {}) {
    const ports = ["--port", "0", "--http-port", "0"];
    const all = [program, "--data", data, ...ports, ...args];
    const { DATABASE_URL: _url, ...rest } = process.env;
    this.child = spawn(process.execPath, all, {
      env: { ...rest, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk) => (this.output += String(chunk)));
    }
    this.exit = new Promise((resolve) => this.child.once("close", resolve));
    launchers.push(this);
  }

  /** The port in the ready line. */
  async ready(): Promise<number> {
    await expect
      .poll(() => this.output, { timeout: 60_000, interval: 50 })
      .toMatch(/^JamEMR is ready: .*\n/m);
    return Number(/^JamEMR is ready: http:\/\/localhost:(\d+)$/m.exec(this.output)?.[1]);
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGTERM");
    await this.exit;
  }
}

const start = (...args: string[]): Launcher => new Launcher(args);
const events = async (): Promise<string[]> =>
  (await readFile(join(data, "logs", "events"), "utf8")).trim().split("\n");
const pidsIn = async (): Promise<number[]> =>
  (await events()).flatMap((line) => /pid=(\d+)/.exec(line)?.slice(1).map(Number) ?? []);
const databasePid = async (): Promise<number> =>
  Number((await readFile(join(data, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);
const ask = async (port: number, path = "/readyz"): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).text();

describe("a start", () => {
  it("is ready once the AI node has registered, and stops in order with nothing left", async () => {
    const launcher = start("--empty");
    const port = await launcher.ready();
    expect(await ask(port)).toBe("jamemr_owner jamemr_app");
    const database = await databasePid();
    launcher.child.kill("SIGINT");
    expect(await launcher.exit).toBe(0);
    const [serverPid, aiPid] = await pidsIn();
    expect(await events()).toEqual([
      `server start pid=${serverPid} empty=1 https=0`,
      `ai start pid=${aiPid} token=trial-token database=none`,
      "ai stop server=200",
      "server stop database=jamemr_owner",
    ]);
    for (const pid of [serverPid!, aiPid!, database]) expect(isRunning(pid)).toBe(false);
    expect(existsSync(join(data, "lock"))).toBe(false);
    expect(existsSync(join(data, "postgres", "postmaster.pid"))).toBe(false);
    expect(launcher.output).toContain("sync server: an error worth seeing");
    expect(await readFile(join(data, "logs", "server.log"), "utf8")).toContain('"event":"listening"');
  });

  it("does not wait for an AI node with --no-ai", async () => {
    const launcher = start("--no-ai");
    await launcher.ready();
    expect((await events()).filter((line) => line.startsWith("ai"))).toEqual([]);
  });

  it("goes on when the AI node crashes at first", async () => {
    await ensureLayout(data);
    await writeFile(join(data, "logs", "ai-crashes"), "");
    const launcher = start();
    await launcher.ready();
    expect(launcher.output).toMatch(/The AI node ended \(status 9\); it starts again/);
  });

  it("can be stopped while it is starting", async () => {
    const launcher = start();
    await expect
      .poll(() => existsSync(join(data, "postgres.new")), { timeout: 20_000, interval: 5 })
      .toBe(true);
    launcher.child.kill("SIGTERM");
    expect(await launcher.exit).toBe(0);
    expect(launcher.output).not.toContain("ready");
    // What was being made is complete, so nobody works on it any more.
    expect(existsSync(join(data, "postgres.new"))).toBe(false);
    expect(existsSync(join(data, "lock"))).toBe(false);
    expect(existsSync(join(data, "postgres", "postmaster.pid"))).toBe(false);
  });

  it("takes one Ctrl-C that arrives twice for one", async () => {
    const launcher = start("--no-ai");
    await launcher.ready();
    launcher.child.kill("SIGINT");
    launcher.child.kill("SIGTERM");
    expect(await launcher.exit).toBe(0);
    expect(launcher.output.match(/Stopping/g)).toHaveLength(1);
  });

  it("ends at once on a second signal, though a program does not want to", async () => {
    await ensureLayout(data);
    await writeFile(join(data, "logs", "server-lingers"), "");
    const launcher = start("--no-ai");
    await launcher.ready();
    const database = await databasePid();
    launcher.child.kill("SIGINT");
    await sleep(1200);
    launcher.child.kill("SIGINT");
    expect(await launcher.exit).toBe(1);
    const left = [...(await pidsIn()), database];
    await expect.poll(() => left.filter(isRunning), { timeout: 5000 }).toEqual([]);
  });
});

describe("a running practice", () => {
  it("starts its server again on the same port after a crash, and its database too", async () => {
    const launcher = start();
    const port = await launcher.ready();
    await ask(port, "/crash").catch(() => {});
    const works = () => ask(port).catch(() => "");
    await expect.poll(works, { timeout: 20_000 }).toBe("jamemr_owner jamemr_app");
    const before = await databasePid();
    process.kill(before, "SIGKILL");
    await expect.poll(() => databasePid().catch(() => before), { timeout: 30_000 }).not.toBe(before);
    await expect.poll(works, { timeout: 20_000 }).toBe("jamemr_owner jamemr_app");
  });

  it("leaves no process but its database when it is killed, and starts again on that", async () => {
    const first = start();
    await first.ready();
    const database = await databasePid();
    const children = await pidsIn();
    first.child.kill("SIGKILL");
    await first.exit;
    await expect.poll(() => children.filter(isRunning), { timeout: 15_000 }).toEqual([]);
    expect(isRunning(database)).toBe(true);
    const second = start();
    await second.ready();
    expect(await databasePid()).toBe(database);
    await second.end();
    expect(isRunning(database)).toBe(false);
  });
});

/** The text of a start that is expected to fail, and its status. */
async function failure(args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const launcher = new Launcher(args, env);
  expect(await launcher.exit).toBe(1);
  return launcher.output;
}

/** A disk of 64 MiB, or undefined where this process may not mount one. */
function smallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), "jamemr-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs", path]).status === 0;
  if (mounted) return path;
  rmdirSync(path);
  return undefined;
}

describe("a start that cannot be", () => {
  it("says that the disk is full before it promises anything", async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip("needs the right to mount a small disk");
    data = join(disk, "practice");
    try {
      expect(await failure()).toMatch(/\(disk_full\).*(6\d) MiB free, 512 MiB needed/);
      expect(existsSync(join(data, "config.json"))).toBe(false);
    } finally {
      spawnSync("umount", [disk]);
      rmdirSync(disk);
    }
  });

  it("names the port that is taken and the flag that changes it", async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, "127.0.0.1", resolve));
    const address = squatter.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    expect(await failure(["--http-port", String(port)])).toMatch(
      new RegExp(`\\(port_taken\\).*Port ${port} .*--http-port N or JAMEMR_HTTP_PORT=N`),
    );
    squatter.close();
    expect(await failure(["--http-port", "9001", "--port", "9001"])).toContain("must be different");
  });

  it("names the process that has the data folder", async () => {
    const first = start("--no-ai");
    await first.ready();
    expect(await failure()).toMatch(new RegExp(`\\(data_folder_locked\\).*process ${first.child.pid} `));
  });

  it("explains a data folder of a newer version, a foreign one and one that is a file", async () => {
    await openDataFolder(data);
    const config = join(data, "config.json");
    await writeFile(
      config,
      (await readFile(config, "utf8")).replace(/"schemaVersion": 1/, '"schemaVersion": 2'),
    );
    expect(await failure()).toMatch(/\(data_folder_newer\).*format 2; this one knows 1/);
    await rm(data, { recursive: true });
    await mkdir(data);
    await writeFile(join(data, "thesis.doc"), "");
    expect(await failure()).toMatch(/\(data_folder_foreign\).*thesis.doc/);
    await rm(data, { recursive: true });
    await writeFile(data, "");
    expect(await failure()).toMatch(/\(data_folder_not_writable\)/);
  });

  it.skipIf(isRoot)(
    "explains a data folder that may not be written (skipped for root, who may)",
    async () => {
      await chmod(parent, 0o500);
      expect(await failure()).toMatch(/\(data_folder_not_writable\).*EACCES/);
      await chmod(parent, 0o700);
    },
  );

  it("explains a bad database address without repeating it, and one that does not answer", async () => {
    const bad = await failure([], { DATABASE_URL: "postgres:/user:secret@host" });
    expect(bad).toMatch(/\(database_url\)/);
    expect(bad).not.toContain("secret");
    const silent = await failure([], { DATABASE_URL: "postgres://user:secret@127.0.0.1:1/jamemr" });
    expect(silent).toMatch(/\(database_unreachable\).*127\.0\.0\.1:1 .*ECONNREFUSED/);
    expect(silent).not.toContain("secret");
  });

  it("shows why the server ended, and leaves nothing running", async () => {
    await ensureLayout(data);
    await writeFile(join(data, "logs", "server-fails"), "");
    expect(await failure()).toMatch(/\(server_failed\).*status 3[\s\S]*the stand-in was told to fail/);
    expect(existsSync(join(data, "postgres", "postmaster.pid"))).toBe(false);
    expect(existsSync(join(data, "lock"))).toBe(false);
  });

  it("explains options that do not exist", async () => {
    expect(await failure(["--prot", "1"])).toMatch(/\(usage\). "--prot" is not an option/);
    expect(await failure(["--port", "99999"])).toMatch(/\(usage\).*0 to 65535/);
  });
});
