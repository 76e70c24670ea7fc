import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CommandIo } from "#domain/kernel/command.ts";
import { createApp } from "#server/app.ts";
import { readConfig } from "#server/config.ts";
import { openDataFolder } from "#server/operations/data-folder.ts";
import { lockDataFolder } from "#server/operations/data-folder-lock.ts";
import { startPostgres } from "#server/operations/postgres.ts";
import { ensureRoles, withClient } from "#server/operations/postgres-roles.ts";
import { openPractice } from "#server/practice/open-practice.ts";
import { trialPassword } from "#server/practice/trial/trial-people.ts";
import { command } from "./init.ts";

// Real databases on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let root: string;
let data: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "jamemr-init-"));
  data = join(root, "clinic");
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Runs it; `failed` is the code of the error that it threw. */
async function init(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io: CommandIo = {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: { JAMEMR_ARGON2_MEMORY_KIB: "8" },
  };
  const outcome = await command.run(["--data", data, ...args], io).then(
    (status) => ({ status, failed: undefined }),
    (error: Error & { code?: string }) => ({ status: undefined, failed: error.code ?? error.message }),
  );
  return { ...outcome, out: String(stdout.read() ?? ""), told: String(stderr.read() ?? "") };
}

/** Starts the practice of the folder as the launcher does. */
async function start() {
  const folder = await openDataFolder(data);
  const lock = await lockDataFolder(data);
  const postgres = await startPostgres({
    directory: join(data, "postgres"),
    secretsFile: join(data, "keys", "postgres"),
    logFile: join(data, "logs", "postgres.log"),
    durable: false,
  });
  const { ownerUrl, appUrl } = await ensureRoles(postgres.adminUrl, postgres.secrets);
  const practice = await openPractice({
    config: readConfig({
      JAMEMR_DATA: data,
      DATABASE_URL: ownerUrl,
      JAMEMR_DATABASE_APP_URL: appUrl,
      JAMEMR_ARGON2_MEMORY_KIB: "8",
    }),
    folder: folder.config,
    log: pino({ level: "silent" }),
  });
  const app = createApp(practice, {
    addresses: () => ({ httpPort: 8080, httpsPort: 8443, names: ["practice.local"] }),
  });
  return {
    practice,
    ownerUrl,
    enter: async (code: string) =>
      app.request("http://localhost:8080/api/set-up", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          code,
          name: "Helen Abara",
          username: "helen",
          password: "mended-kettle-harbor-41",
        }),
      }),
    async stop() {
      await practice.close();
      await postgres.stop();
      await lock.release();
    },
  };
}

test("an empty folder becomes a real practice with nobody in it, which its code lets one person enter", async () => {
  const first = await init("--name", "Harbor Family Practice", "--zone", "Europe/Lisbon");
  expect(first.failed, first.told).toBeUndefined();
  expect(first.out).toMatch(/^(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}\n$/);
  expect(first.told).toContain("Harbor Family Practice, Europe/Lisbon");
  expect(JSON.parse(await readFile(join(data, "config.json"), "utf8"))).toMatchObject({
    kind: "real",
    name: "Harbor Family Practice",
    timezone: "Europe/Lisbon",
  });
  expect((await stat(join(data, "keys", "practice"))).mode & 0o777).toBe(0o600);

  // Stopped, running, and with the words it has: each time a new code, and the one before is over.
  const second = await init();
  expect(second.failed, second.told).toBeUndefined();
  const running = await start();
  const third = await init("--name", "Harbor Family Practice");
  expect(third.failed, third.told).toBeUndefined();
  expect(new Set([first.out, second.out, third.out]).size).toBe(3);
  expect((await init("--name", "Another")).failed).toBe("init_named");
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
  expect(await codeOf(await running.enter(first.out))).toBe("set_up_code_expired");
  expect(await codeOf(await running.enter(second.out))).toBe("set_up_code_expired");

  const { rows } = await withClient(running.ownerUrl, (client) =>
    client.query(
      `select (select count(*)::int from app_user) as people, (select count(*)::int from patient) as patients,
         (select count(*)::int from room) as rooms, (select count(*)::int from token) as tokens, p.name, p.zone, p.trial,
         p.opened_at from practice p`,
    ),
  );
  expect(rows).toEqual([
    {
      people: 0,
      patients: 0,
      rooms: 0,
      tokens: 0,
      name: "Harbor Family Practice",
      zone: "Europe/Lisbon",
      trial: false,
      opened_at: null,
    },
  ]);
  expect(running.practice.info).toMatchObject({ name: "Harbor Family Practice", trial: false });

  expect((await running.enter(third.out)).status).toBe(204);
  expect((await init()).failed).toBe("init_entered");
  await running.stop();
  const later = await init();
  expect([later.failed, later.out]).toEqual(["init_entered", ""]);
});

test("nobody gets in by the trial's logins, and the zone of the machine is the practice's", async () => {
  const made = await init();
  expect(made.failed, made.told).toBeUndefined();
  const { timezone } = JSON.parse(await readFile(join(data, "config.json"), "utf8")) as { timezone: string };
  expect(timezone).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(made.told).toContain(timezone);
  const running = await start();
  try {
    const app = createApp(running.practice, {
      addresses: () => ({ httpPort: 8080, httpsPort: 8443, names: [] }),
    });
    const answer = await app.request("http://localhost:8080/api/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        username: "admin",
        password: trialPassword,
        device: { id: "00000000-0000-7000-8000-00000000abcd", name: "desk" },
      }),
    });
    expect(await answer.json()).toMatchObject({ code: "wrong_credentials" });
  } finally {
    await running.stop();
  }
});

test("a trial practice, somebody else's folder and nonsense are refused, and nothing is changed", async () => {
  await openDataFolder(data);
  const before = await readFile(join(data, "config.json"), "utf8");
  expect((await init()).failed).toBe("init_trial");
  expect(await readFile(join(data, "config.json"), "utf8")).toBe(before);
  data = join(root, "other");
  expect((await init("--zone", "Mars/Olympus")).failed).toContain("not a time zone");
  expect((await init("--name", " ")).failed).toContain("2 to 120 characters");
  expect((await init("more")).failed).toContain("not an option");
  expect(await stat(data).catch(() => null)).toBeNull();
  await writeFile(join(root, "letter.txt"), "mine");
  data = root;
  expect((await init()).failed).toBe("data_folder_foreign");
});
