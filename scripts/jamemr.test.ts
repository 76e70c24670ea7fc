import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commands, runJamemr } from "./jamemr.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));
const commandModule = fileURLToPath(import.meta.resolve("#domain/kernel/command.ts"));
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "jamemr-commands-"));
  mkdirSync(join(root, "commands"));
  writeFileSync(
    join(root, "commands", "echo.ts"),
    `import { CommandUsageError } from ${JSON.stringify(commandModule)};
     export const command = {
       name: "echo", summary: "say it again", usage: "jamemr echo WORD",
       async run(args, io) {
         if (args.length === 0) throw new CommandUsageError("A word is missing.");
         if (args[0] === "fail") throw new Error("it broke");
         io.stdout.write(args.join(" "));
         return args[0] === "one" ? 1 : 0;
       },
     };`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const written = { out: "", err: "" };
  const io = {
    stdin: (async function* () {})(),
    stdout: { write: (text: string) => (written.out += text) },
    stderr: { write: (text: string) => (written.err += text) },
    env: {},
  };
  const table = [
    { name: "echo", module: "commands/echo.ts", summary: "say it again" },
    { name: "later", module: "commands/later.ts", summary: "still to come" },
  ];
  return { status: await runJamemr(args, io, table, root), ...written };
}

describe("jamemr", () => {
  it("lists its commands when asked, and on standard error when nothing was asked", async () => {
    expect(await run("--help")).toMatchObject({
      status: 0,
      err: "",
      out: expect.stringMatching(/echo {2}say it again/),
    });
    expect((await run("--help")).out).not.toContain("later");
    expect(await run()).toMatchObject({ status: 2, out: "", err: expect.stringContaining("echo") });
  });

  it("hands over the words and the exit status", async () => {
    expect(await run("echo", "a", "--b")).toEqual({ status: 0, out: "a --b", err: "" });
    expect(await run("echo", "one")).toMatchObject({ status: 1 });
  });

  it("explains a command without running it", async () => {
    expect(await run("echo", "fail", "--help")).toEqual({ status: 0, out: "jamemr echo WORD\n", err: "" });
    expect(await run("echo", "--", "--help")).toMatchObject({ status: 0, out: "-- --help" });
  });

  it("puts errors on standard error", async () => {
    expect(await run("echo")).toEqual({
      status: 2,
      out: "",
      err: "A word is missing.\n\njamemr echo WORD\n",
    });
    expect(await run("echo", "fail")).toEqual({ status: 1, out: "", err: "echo: it broke\n" });
    expect(await run("nonsense")).toMatchObject({
      status: 2,
      out: "",
      err: expect.stringContaining("not a command"),
    });
    expect(await run("later")).toMatchObject({
      status: 2,
      out: "",
      err: expect.stringContaining("does not have"),
    });
  });
});

describe("the table of commands", () => {
  it("has every module that there is", () => {
    const listed = new Set(commands.map(({ module }) => module));
    for (const folder of ["sync-server/commands", "ai-node/commands"]) {
      const files = readdirOrNone(join(repository, folder)).filter((name) => /^[a-z-]+\.ts$/.test(name));
      for (const file of files) expect(listed, file).toContain(`${folder}/${basename(file)}`);
    }
  });
});

function readdirOrNone(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
