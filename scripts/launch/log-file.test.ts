import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLog, rotateIfLarge } from "./log-file.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jamemr-log-"));
  file = join(folder, "server.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a log", () => {
  it("keeps the youngest lines in at most four files", () => {
    const log = openLog(file, 100);
    for (let i = 0; i < 200; i++) log(`line ${String(i).padStart(3, "0")}`);
    expect(readdirSync(folder).sort()).toEqual([
      "server.log",
      "server.log.1",
      "server.log.2",
      "server.log.3",
    ]);
    const text = ["server.log.3", "server.log.2", "server.log.1", "server.log"]
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
    const numbers = text
      .trim()
      .split("\n")
      .map((line) => Number(line.slice(5)));
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => 200 - numbers.length + i));
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100);
  });

  it("is for its owner's eyes and goes on where it ended", () => {
    writeFileSync(file, "before\n");
    chmodSync(file, 0o600);
    openLog(file)("after");
    expect(readFileSync(file, "utf8")).toBe("before\nafter\n");
    openLog(join(folder, "new.log"))("first");
    expect(statSync(join(folder, "new.log")).mode & 0o777).toBe(0o600);
  });

  it("never stops the practice", () => {
    const log = openLog(join(folder, "missing", "server.log"));
    expect(() => log("lost")).not.toThrow();
  });

  it("of another program is moved away when it is large", () => {
    writeFileSync(file, "x".repeat(50));
    rotateIfLarge(file, 50);
    expect(readdirSync(folder)).toEqual(["server.log"]);
    rotateIfLarge(file, 49);
    expect(readdirSync(folder)).toEqual(["server.log.1"]);
  });
});
