import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditActions } from "#domain/audit/actions.ts";
import { errorCatalog } from "#domain/errors/catalog.ts";
import { withNames } from "#pwa/language/with-names.ts";
import { compareCatalog, compiledSource, readConfig } from "./language.ts";

const catalogue = fileURLToPath(new URL("../pwa/src/language/locales/en.po", import.meta.url));

describe("sentences and their catalogue", () => {
  let folder: string;
  const planted = (code: string) => {
    writeFileSync(join(folder, "src", "screen.tsx"), code);
    const path = join(folder, "{locale}");
    return compareCatalog({ ...readConfig(), catalogs: [{ path, include: [join(folder, "src")] }] });
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "jamemr-language-"));
    mkdirSync(join(folder, "src"));
    copyFileSync(catalogue, join(folder, "en.po"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("a sentence that is in the catalogue is not named", async () => {
    const { missing, unreadable } = await planted('export const words = () => i18n._("Sign in");');
    expect({ missing, unreadable }).toEqual({ missing: [], unreadable: [] });
  });

  test("a new sentence is named", async () => {
    const { missing } = await planted('export const words = () => i18n._("Nobody wrote this down");');
    expect(missing).toEqual(["Nobody wrote this down"]);
  });

  test("a sentence that is put together at run time is named with its line", async () => {
    const { unreadable } = await planted("\nexport const words = (name: string) => i18n._(name);");
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]).toMatch(/screen\.tsx:2 /);
  });

  test("a mistake in a placeholder is named", async () => {
    const { broken } = await planted('export const words = () => i18n._("{count, plural, one {#}");');
    expect(broken).toEqual(["{count, plural, one {#}"]);
  });

  test("errors and audit actions are part of it", async () => {
    const { sentences } = await compareCatalog();
    const shown = [
      ...Object.values(errorCatalog).map(({ message }) => message),
      ...Object.values(auditActions),
    ];
    expect(shown.filter((sentence) => !sentences.includes(sentence))).toEqual([]);
  });

  test("only sentences with more than words and names are compiled", () => {
    const source = compiledSource([
      "Today's visits",
      "{minutes} min",
      "{n, plural, one {# day} other {# days}}",
    ]);
    expect(source).toContain('"{n, plural, one {# day} other {# days}}": [["n","plural",');
    expect(source).not.toContain("Today");
    expect(source).not.toContain("minutes");
  });

  test("what is not compiled is read as the compiler would read it", async () => {
    const { sentences } = await compareCatalog();
    const shipped = compiledSource(sentences);
    const plain = sentences.filter((sentence) => !shipped.includes(`  ${JSON.stringify(sentence)}: `));
    expect(plain.length).toBeGreaterThan(sentences.length / 2);
    for (const sentence of plain) expect(withNames(sentence)).toEqual(compileMessage(sentence));
  });
});
