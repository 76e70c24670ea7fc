import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OperationError } from "#server/operations/operation-error.ts";
import { explainFailure } from "./command-failures.ts";
import { startErrors } from "./start-errors.mjs";

describe("a command that failed", () => {
  it.each(Object.keys(startErrors))("says %s in words, never as the code alone", (code) => {
    const told = explainFailure(new OperationError(code, { path: "/clinic", pid: 7, host: "desk" }));
    expect(told).toMatch(/^\w+: \S+ \S+ \S+ .*/);
    expect(told).not.toContain("path=");
  });

  it("names the file and what to do, whatever the file system said", async () => {
    const error = await readFile("/nowhere/at/all").catch((thrown: unknown) => thrown);
    expect(explainFailure(error)).toBe(
      "There is no file or folder /nowhere/at/all. Check the name. (ENOENT)",
    );
  });

  it("finds what a driver wrapped, and several addresses that did not answer", () => {
    const refused = Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" });
    expect(explainFailure(new Error("", { cause: refused }))).toMatch(
      /database does not answer.*ECONNREFUSED/,
    );
    const wrong = Object.assign(new Error("password authentication failed"), { code: "28P01" });
    expect(explainFailure(new Error("driver", { cause: wrong }))).toMatch(/refused user, password/);
  });

  it("keeps the words of an error that has some, and says so where there are none", () => {
    expect(explainFailure(new Error("it broke"))).toBe("it broke");
    expect(explainFailure(new AggregateError([]))).toContain("JAMEMR_DEBUG");
  });
});

describe("at the command line", () => {
  const script = fileURLToPath(new URL("jamemr.ts", import.meta.url));
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "jamemr-failures-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cases: [string, string[], Record<string, string>, RegExp][] = [
    ["no practice", ["state"], {}, /There is no practice in .*JAMEMR_DATA/],
    ["a backup that is not there", ["restore", "/nowhere/b"], {}, /There is no file or folder \/nowhere\/b/],
    ["a file that is no backup", ["restore", script], {}, /not a backup of JamEMR.*another file/],
    ["no key", ["backup", "verify", script], {}, /key of this backup is not here.*--key/],
    [
      "a database that is away",
      ["state"],
      { DATABASE_URL: "postgres://a:secret@127.0.0.1:1/b" },
      /does not answer/,
    ],
    [
      "an address that is none",
      ["state"],
      { DATABASE_URL: "nonsense" },
      /not the address of a PostgreSQL database/,
    ],
  ];
  it.each(cases)("%s is said in a sentence", (_, args, env, expected) => {
    const options = {
      env: { ...process.env, JAMEMR_DATA: join(folder, "data"), ...env },
      encoding: "utf8",
    } as const;
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], options);
    expect([status, stderr]).toEqual([1, expect.stringMatching(expected)]);
    expect(stderr).not.toContain("secret");
  });
});
