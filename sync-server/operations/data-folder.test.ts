import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkFreeSpace, dataFolderVersion, ensureLayout, openDataFolder } from "./data-folder.ts";

let parent: string;
let data: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "jamemr-data-"));
  data = join(parent, "practice");
});
afterEach(async () => {
  await chmod(parent, 0o700);
  await rm(parent, { recursive: true, force: true });
});

const mode = async (...path: string[]): Promise<number> => (await stat(join(data, ...path))).mode & 0o777;
const rewriteConfig = async (change: object): Promise<void> => {
  const config = JSON.parse(await readFile(join(data, "config.json"), "utf8")) as object;
  await writeFile(join(data, "config.json"), JSON.stringify({ ...config, ...change }));
};

describe("openDataFolder", () => {
  it("makes a trial practice in a new folder, closed to other users", async () => {
    const opened = await openDataFolder(data);
    expect(opened.created).toBe(true);
    expect(opened.config).toMatchObject({
      kind: "trial",
      timezone: "America/New_York",
      schemaVersion: dataFolderVersion,
    });
    for (const folder of [
      "",
      "keys",
      "tls",
      "ai-node",
      "recordings",
      "uploads",
      "documents",
      "models",
      "mirror",
      "logs",
    ]) {
      expect(await mode(folder), folder).toBe(0o700);
    }
    expect(await mode("config.json")).toBe(0o600);
  });

  it("finds the same practice again and never changes its kind", async () => {
    const first = await openDataFolder(data, { kind: "trial" });
    const again = await openDataFolder(data, { kind: "real", timezone: "Europe/Berlin" });
    expect(again).toEqual({ ...first, created: false });
  });

  it("takes wider rights away", async () => {
    await openDataFolder(data);
    await chmod(join(data, "keys"), 0o755);
    await openDataFolder(data);
    expect(await mode("keys")).toBe(0o700);
  });

  it("refuses the folder of a newer version", async () => {
    await openDataFolder(data);
    await rewriteConfig({ schemaVersion: 99 });
    await expect(openDataFolder(data)).rejects.toMatchObject({
      code: "data_folder_newer",
      facts: { found: 99, known: 1 },
    });
  });

  it("refuses a configuration that cannot be understood instead of making another practice", async () => {
    await openDataFolder(data);
    await rewriteConfig({ practiceId: "not an id" });
    await expect(openDataFolder(data)).rejects.toMatchObject({ code: "data_folder_damaged" });
    await writeFile(join(data, "config.json"), "{");
    await expect(openDataFolder(data)).rejects.toMatchObject({ code: "data_folder_damaged" });
  });

  it("leaves a folder alone that holds something else, and its rights", async () => {
    await mkdir(data, { mode: 0o755 });
    await chmod(data, 0o755);
    await writeFile(join(data, "letter.txt"), "dear…");
    await expect(openDataFolder(data)).rejects.toMatchObject({
      code: "data_folder_foreign",
      facts: { file: "letter.txt" },
    });
    expect(await mode("")).toBe(0o755);
  });

  it("says so when the folder is a file", async () => {
    await writeFile(data, "a file");
    await expect(openDataFolder(data)).rejects.toMatchObject({ code: "data_folder_not_writable" });
  });

  it.skipIf(process.getuid?.() === 0)(
    "says so when it may not write (skipped for root, who may)",
    async () => {
      await chmod(parent, 0o500);
      await expect(ensureLayout(data)).rejects.toMatchObject({
        code: "data_folder_not_writable",
        facts: { reason: "EACCES" },
      });
    },
  );
});

describe("checkFreeSpace", () => {
  it("passes with room and refuses without", async () => {
    await checkFreeSpace(parent, 1);
    await expect(checkFreeSpace(parent, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      code: "disk_full",
    });
  });
});
