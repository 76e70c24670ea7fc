import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lockDataFolder } from "./data-folder-lock.ts";
import { processIdentity } from "./process-identity.ts";

// Real processes on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const program = fileURLToPath(new URL("testing/hold-lock.ts", import.meta.url));
const children: ChildProcess[] = [];
let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "jamemr-lock-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(data, { recursive: true, force: true });
});

/** Left behind by a process that had our number before us. */
const stale = { ...processIdentity(), token: "ab", started: "1", host: hostname(), since: "" };

interface Answer {
  held: boolean;
  recovered?: boolean;
  message?: string;
}

/** Another process that tries to take the lock, and what it said. */
async function rival(): Promise<{ child: ChildProcess; answer: Answer }> {
  const child = spawn(process.execPath, [program, data], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const line = await new Promise<string>((resolve) =>
    child.stdout?.once("data", (chunk) => resolve(String(chunk))),
  );
  return { child, answer: JSON.parse(line) as Answer };
}

const killed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve()).kill("SIGKILL");
  });

describe("the data folder's lock", () => {
  it("keeps a second process out and names the first", async () => {
    const { child } = await rival();
    await expect(lockDataFolder(data)).rejects.toMatchObject({
      code: "data_folder_locked",
      facts: { pid: child.pid, host: hostname() },
    });
    expect((await stat(join(data, "lock"))).mode & 0o777).toBe(0o600);
  });

  it("keeps out a second taker in the same process", async () => {
    const lock = await lockDataFolder(data);
    await expect(lockDataFolder(data)).rejects.toMatchObject({ facts: { pid: process.pid } });
    await lock.release();
    expect(await readdir(data)).toEqual([]);
  });

  it("is taken over after kill -9, by exactly one of several starts at once", async () => {
    const { child } = await rival();
    await killed(child);
    const answers = (await Promise.all([rival(), rival(), rival(), rival()])).map(({ answer }) => answer);
    expect(answers.filter(({ held }) => held)).toEqual([{ held: true, recovered: true }]);
    for (const { held, message } of answers) if (!held) expect(message).toContain("data_folder_locked");
    expect(await readdir(data)).toEqual(["lock"]);
  });

  it("has one holder, however many take over a stale one in the same moment", async () => {
    for (let round = 0; round < 20; round++) {
      await writeFile(join(data, "lock"), JSON.stringify({ ...stale, token: `ab${round}` }));
      const taken = await Promise.allSettled(Array.from({ length: 12 }, () => lockDataFolder(data)));
      const winners = taken.filter((result) => result.status === "fulfilled");
      expect(winners).toHaveLength(1);
      await winners[0]?.value.release();
      expect(await readdir(data)).toEqual([]);
    }
  });

  it("is stale when its process id belongs to another process now", async () => {
    await writeFile(join(data, "lock"), JSON.stringify(stale));
    expect((await lockDataFolder(data)).recovered).toBe(true);
  });

  it("is stale after the machine was started again, or when a power cut left it empty", async () => {
    const before = { ...processIdentity(), token: "ab", boot: "earlier", host: hostname(), since: "" };
    await writeFile(join(data, "lock"), JSON.stringify(before));
    const lock = await lockDataFolder(data);
    await lock.release();
    await writeFile(join(data, "lock"), "");
    expect((await lockDataFolder(data)).recovered).toBe(true);
  });

  it("of another computer is respected, since nobody here can tell whether it runs", async () => {
    const away = { ...processIdentity(), token: "ab", boot: "theirs", host: "front-desk-pc", since: "" };
    await writeFile(join(data, "lock"), JSON.stringify(away));
    await expect(lockDataFolder(data)).rejects.toMatchObject({ facts: { host: "front-desk-pc" } });
  });

  it("survives the release of one who no longer holds it", async () => {
    const lock = await lockDataFolder(data);
    const text = await readFile(join(data, "lock"), "utf8");
    await writeFile(join(data, "lock"), text.replace(/"token":"\w+"/, '"token":"beef"'));
    await lock.release();
    expect(await readdir(data)).toEqual(["lock"]);
  });
});
