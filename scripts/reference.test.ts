import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permissionNames } from "#domain/access/permissions.ts";
import { errorCatalog } from "#domain/errors/catalog.ts";
import { mutations } from "#domain/registry.ts";
import { outdated, pages, writePages } from "./reference.ts";
import { startErrors } from "./start-errors.mjs";

describe("generated reference", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "jamemr-reference-"));
    writePages(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is the same each time", () => {
    expect(outdated(folder)).toEqual([]);
  });

  test("a page that was edited by hand is named", () => {
    appendFileSync(join(folder, "errors.md"), "by hand");
    expect(outdated(folder)).toEqual(["errors.md"]);
  });

  test("a page that is missing or that nothing generates is named", () => {
    rmSync(join(folder, "routes.md"));
    writeFileSync(join(folder, "old.md"), "");
    expect(outdated(folder)).toEqual(["routes.md", "old.md"]);
  });

  test.each([
    ["permissions.md", permissionNames],
    ["errors.md", Object.keys(errorCatalog)],
    ["mutations.md", [...mutations.keys()]],
    ["start-errors.md", Object.keys(startErrors)],
  ])("%s names everything of its list", (name, expected) => {
    const text = pages[name]!();
    expect(expected.filter((word) => !text.includes(word))).toEqual([]);
  });

  test("every row of a table has as many cells as its head", () => {
    for (const make of Object.values(pages)) {
      for (const block of make()
        .split("\n\n")
        .filter((part) => part.startsWith("|"))) {
        const counts = block
          .trim()
          .split("\n")
          .map((line) => line.replaceAll("\\|", "").split("|").length);
        expect(new Set(counts).size, block).toBe(1);
      }
    }
  });
});
