import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SupervisedProcess, superviseProcess } from "./supervised-process.ts";

let folder: string;
let supervised: SupervisedProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jamemr-supervised-"));
});
afterEach(async () => {
  await supervised?.stop();
  await rm(folder, { recursive: true, force: true });
});

const says = (word: string) =>
  `process.stdout.write(JSON.stringify({ event: "${word}" }) + "\\n"); setInterval(() => {}, 1000);`;

describe("a program in development", () => {
  it("starts again after every save, however the editor saves, and shows what is wrong with it", async () => {
    const program = join(folder, "server.mjs");
    const save = {
      inPlace: (text: string) => writeFile(program, text),
      byRenaming: async (text: string) => {
        await writeFile(`${program}.new`, text);
        await rename(`${program}.new`, program);
      },
    };
    const events: string[] = [];
    const notices: string[] = [];
    await save.inPlace(says("first"));
    supervised = superviseProcess({
      name: "sync server",
      program,
      watch: [folder],
      cwd: folder,
      env: () => process.env,
      log: () => {},
      notice: (line) => void notices.push(line),
      onEvent: ({ event }) => void events.push(event),
      onExit: () => true,
      graceMilliseconds: 2000,
    });
    supervised.start();
    const last = () => events.at(-1);
    const soon = { timeout: 10_000 };
    await expect.poll(last, soon).toBe("first");
    await save.byRenaming(says("second"));
    await expect.poll(last, soon).toBe("second");
    await save.byRenaming(says("third"));
    await expect.poll(last, soon).toBe("third");
    await save.inPlace("const = 1;");
    await expect.poll(() => notices.join("\n"), soon).toMatch(/SyntaxError[\s\S]*it starts again when/);
    await save.inPlace(says("fourth"));
    await expect.poll(last, soon).toBe("fourth");
  });
});
