import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readNote } from "#domain/audit/signed-note.ts";
import type { CommandIo } from "#domain/kernel/command.ts";
import { CHECKPOINT_FILE } from "#server/audit/checkpoints.ts";
import { readConfig } from "#server/config.ts";
import { migrate } from "#server/database/migrate.ts";
import { keepMirror } from "#server/mirror/keep-mirror.ts";
import { readMirror } from "#server/mirror/mirror.ts";
import { type DataFolder, openDataFolder } from "#server/operations/data-folder.ts";
import { lockDataFolder } from "#server/operations/data-folder-lock.ts";
import { startPostgres } from "#server/operations/postgres.ts";
import { ensureRoles, loginUrl, withClient } from "#server/operations/postgres-roles.ts";
import { openPractice } from "#server/practice/open-practice.ts";
import { command as backup } from "./backup.ts";
import { command as restore } from "./restore.ts";
import { command as user } from "./user.ts";

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "jamemr-backup-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Starts a practice in a folder as the launcher does; `stop` ends all of it. */
async function start(data: string) {
  const folder: DataFolder = await openDataFolder(data);
  const lock = await lockDataFolder(data);
  const postgres = await startPostgres({
    directory: join(data, "postgres"),
    secretsFile: join(data, "keys", "postgres"),
    logFile: join(data, "logs", "postgres.log"),
    durable: false,
  });
  const { ownerUrl, appUrl } = await ensureRoles(postgres.adminUrl, postgres.secrets);
  await migrate(ownerUrl);
  const practice = await openPractice({
    config: readConfig({
      JAMEMR_DATA: data,
      DATABASE_URL: ownerUrl,
      JAMEMR_DATABASE_APP_URL: appUrl,
      JAMEMR_TRIAL: "small",
      JAMEMR_ARGON2_MEMORY_KIB: "8",
    }),
    folder: folder.config,
    log: pino({ level: "silent" }),
  });
  return {
    practice,
    async stop() {
      await practice.close();
      await postgres.stop();
      await lock.release();
    },
  };
}

/** A PostgreSQL of the practice's own: an empty database whose owner may make logins and nothing more. */
async function ownServer(directory: string) {
  const postgres = await startPostgres({
    directory,
    secretsFile: `${directory}.secrets`,
    logFile: `${directory}.log`,
    durable: false,
  });
  await withClient(postgres.adminUrl, async (client) => {
    await client.query("create role clinic_owner login createrole password 'theirs'");
    await client.query("create database clinic owner clinic_owner");
  });
  return {
    url: loginUrl(postgres.adminUrl, "clinic", "clinic_owner", "theirs"),
    stop: () => postgres.stop(),
  };
}

async function run(command: typeof backup, where: string | CommandIo["env"], ...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const env = typeof where === "string" ? { JAMEMR_DATA: where } : where;
  const io: CommandIo = { stdin: new PassThrough(), stdout, stderr, env };
  const status = await command.run(args, io).catch((error: Error) => error.message);
  return { status, out: String(stdout.read() ?? ""), told: String(stderr.read() ?? "") };
}

const heads = async (practice: Awaited<ReturnType<typeof start>>["practice"]) => {
  const [row]: { count: string; head: string }[] = await practice.database.em
    .fork()
    .execute("select (select count(*) from appointment) as count, max(seq) as head from audit_log");
  return { count: Number(row!.count), head: Number(row!.head) };
};

/** Up to which record the newest head reaches that the practice signed. */
const signed = async (mirror: string) =>
  readNote(await readFile(join(mirror, CHECKPOINT_FILE), "utf8"))?.size ?? 0;

test("a practice is backed up while it runs, its machine is lost, and the backup makes it again elsewhere", async () => {
  const data = join(root, "clinic");
  const running = await start(data);
  const visit = "00000000-0000-7000-8000-00000000abcd";
  const key = await running.practice.keys.visitKey(visit, { create: true });
  await writeFile(join(data, "recordings", "part"), "sealed sound");

  const written = await run(backup, data, root);
  expect(written.status, written.told).toBe(0);
  expect((await stat(written.out.trim())).mode & 0o777).toBe(0o600);
  expect(written.told).toContain("Written and verified");
  expect(written.told).toContain("backup key");
  const before = await heads(running.practice);
  const mirror = join(data, "mirror");
  expect(await signed(mirror)).toBe(before.head);
  const shown = await run(backup, data, "key");
  await writeFile(join(root, "paper"), shown.out);
  // The newest one is restored: the mirror knows what the practice did by itself since that.
  const file = join(root, "newest");
  const newest = await run(backup, data, file);
  expect(newest.status, newest.told).toBe(0);
  expect(newest.told).not.toContain("backup key");
  expect((await run(backup, data, "verify", file)).out).toContain("The backup is whole");
  expect(await run(backup, data, file)).toMatchObject({ status: expect.stringContaining("backup_exists") });

  const stopMirror = keepMirror(running.practice);
  await running.practice.ledger.record({
    actor: { type: "system", id: "test" },
    action: "staff.role_granted",
    outcome: "ok",
    resource: { type: "staff", id: visit },
  });
  await running.practice.database.em.fork().execute("select pg_notify('identity', 'test')");
  await expect
    .poll(async () => (await readMirror(mirror))?.own.map(({ action }) => action), { timeout: 10_000 })
    .toContain("staff.role_granted");
  stopMirror();
  const whileRunning = await run(restore, data, file, "--replace");
  expect(whileRunning.status).toMatch(/^restore_running: The practice .* is running.* Stop it first/);
  expect(whileRunning.status).toContain(`process ${process.pid}`);
  await running.stop();
  expect(await run(restore, data, file)).toMatchObject({
    status: expect.stringContaining("restore_practice_there"),
  });

  // What a command records while nothing runs is signed by it.
  const last = await signed(mirror);
  expect(await run(user, data, "end-sessions", "nurse")).toMatchObject({ status: 0 });
  expect(await signed(mirror)).toBeGreaterThan(last);

  // On another machine, with the mirror.
  const elsewhere = join(root, "elsewhere");
  const done = await run(restore, elsewhere, file, "--mirror", mirror, "--json");
  expect(done.status, done.told).toBe(0);
  expect(JSON.parse(done.out)).toMatchObject({
    newHead: expect.any(Number),
    lost: [{ action: "staff.role_granted" }],
    lostWhole: true,
  });
  const again = await start(elsewhere);
  // The backup holds a head of all that is in it.
  const [held]: { size: string }[] = await again.practice.database.em
    .fork()
    .execute("select size from audit_checkpoint where size = ?", [JSON.parse(done.out).newHead]);
  expect(held).toBeDefined();
  expect(await again.practice.restored()).toMatchObject({ backupAt: expect.any(String) });
  expect(again.practice.info.id).toBe(running.practice.info.id);
  expect((await heads(again.practice)).count).toBe(before.count);
  expect(await again.practice.keys.visitKey(visit)).toEqual(key);
  expect(await readFile(join(elsewhere, "recordings", "part"), "utf8")).toBe("sealed sound");
  await again.stop();

  // With nothing but the file and the key from the safe: everything but what needs a visit's key.
  const bare = join(root, "bare");
  expect((await run(restore, bare, file)).status).toContain("backup_key_missing");
  const alone = await run(restore, bare, file, "--key", join(root, "paper"));
  expect(alone.status, alone.told).toBe(0);
  expect(alone.told).toContain("There was no mirror");
  const third = await start(bare);
  expect(await third.practice.keys.visitKey(visit)).toBeNull();
  expect(third.practice.keys.agreement.kid).toBe(running.practice.keys.agreement.kid);
  await third.stop();

  // Into a PostgreSQL server of the practice's own.
  const server = await ownServer(join(root, "server"));
  const external = { JAMEMR_DATA: join(root, "external"), DATABASE_URL: server.url };
  const brought = await run(restore, external, file, "--mirror", mirror);
  expect(brought.status, brought.told).toBe(0);
  const { rows } = await withClient(server.url, (client) =>
    client.query("select count(*)::int as count from appointment"),
  );
  expect(rows).toEqual([{ count: before.count }]);
  const over = await run(restore, external, file, "--mirror", mirror, "--replace");
  expect(over.status).toContain("restore_database_used");
  await server.stop();

  // In place: what was there is put aside, and what it did by itself since is listed from its own log.
  const replaced = await run(restore, data, file, "--replace");
  expect(replaced.status, replaced.told).toBe(0);
  expect(replaced.told).toContain("1 × staff.role_granted");
  expect((await readdir(data)).filter((name) => name.startsWith("postgres.before-"))).toHaveLength(1);
}, 180_000);
