import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");

/** The last cell of each row of "When something fails". */
function promised(page: string): string[] {
  const part = page.split("## When something fails")[1]?.split("\n## ")[0] ?? "";
  const rows = part.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => row.split("|").at(-2)!.trim());
}

const testsOf = (spec: string): string[] =>
  [...spec.matchAll(/^\s+test\(\s*"([^"]+)"/gm)].map(([, name]) => name!);

test("every row of the table is a test that does it, and every such test has its row", () => {
  const rows = promised(read("docs/operate/README.md"));
  const tests = testsOf(read("e2e/journeys/failures.spec.ts"));
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.toSorted()).toEqual(tests.toSorted());
});

test("a row without a test, and a test without a row, would be seen", () => {
  const page =
    "## When something fails\n\n| what | test |\n|---|---|\n| a | one |\n| b | two |\n\n## Next\n| x | y |";
  expect(promised(page)).toEqual(["one", "two"]);
  expect(testsOf('  test("one", async () => {});\n  test("three", () => {});')).toEqual(["one", "three"]);
});
