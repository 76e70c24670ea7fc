import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { getCatalogs } from "@lingui/cli/api";
import { getConfig, type LinguiConfigNormalized } from "@lingui/conf";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { withNames } from "#pwa/language/with-names.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The settings of lingui.config.ts. */
export const readConfig = (): LinguiConfigNormalized =>
  getConfig({ cwd: root, configPath: join(root, "lingui.config.ts") });

/** What may stand in `i18n._(…)` instead of a sentence: lists that the catalogue has from lingui.config.ts or markers. */
const knownLists = /^(?:errorCatalog\[|auditActions\[|label\))/;

export interface LanguageReport {
  readonly sentences: readonly string[];
  /** Sentences of the code that the catalogue does not have. */
  readonly missing: readonly string[];
  /** Sentences of the catalogue that nothing shows any more. */
  readonly unused: readonly string[];
  /** Calls whose sentence cannot be known before the page runs. */
  readonly unreadable: readonly string[];
  /** Sentences with a mistake in their {placeholders}. */
  readonly broken: readonly string[];
}

const catalogOf = async (config: LinguiConfigNormalized) => {
  const [catalog] = await getCatalogs(config);
  const found = await catalog?.collect();
  if (!catalog || !found) throw new Error("the sources could not be read; the lines above say why");
  return { catalog, found };
};

/** Compares the sentences of the code with the committed catalogue of the source language. */
export async function compareCatalog(config = readConfig()): Promise<LanguageReport> {
  const { catalog, found } = await catalogOf(config);
  const known = Object.entries((await catalog.read("en")) ?? {});
  const live = new Set(known.filter(([, entry]) => !entry.obsolete).map(([id]) => id));
  const wanted = Object.keys(found);
  return {
    sentences: wanted,
    missing: wanted.filter((id) => !live.has(id)),
    unused: [...live].filter((id) => !(id in found)),
    unreadable: catalog.sourcePaths.flatMap(unreadableCalls),
    broken: wanted.filter((id) => !compiles(id)),
  };
}

/** What cannot be read comes back as it was given. */
const compiles = (id: string): boolean =>
  !/[{}]/.test(id) || JSON.stringify(compileMessage(id)) !== JSON.stringify([id]);

function unreadableCalls(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\bi18n\._\(\s*/g)].flatMap((call) => {
    const rest = text.slice(call.index + call[0].length);
    if (rest.startsWith('"') || knownLists.test(rest)) return [];
    const line = text.slice(0, call.index).split("\n").length;
    return [`${relative(root, file)}:${line} ${rest.split("\n")[0]}`];
  });
}

/**
 * What the page is shipped with: sentences that hold more than words and names to fill in, compiled. All others the
 * page reads as they stand.
 *
 * @returns the TypeScript of locales/en.ts
 */
export function compiledSource(sentences: readonly string[]): string {
  const compiled = sentences
    .filter((sentence) => /[{}'#]/.test(sentence))
    .map((sentence) => [sentence, compileMessage(sentence)] as const)
    .filter(([sentence, tokens]) => JSON.stringify(tokens) !== JSON.stringify(withNames(sentence)))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    '// Compiled from the sentences of the code by "npm run language". Change them there.',
    'import type { Messages } from "@lingui/core";',
    "",
    "export const messages: Messages = {",
    ...compiled.map(([sentence, tokens]) => `  ${JSON.stringify(sentence)}: ${JSON.stringify(tokens)},`),
    "};",
    "",
  ].join("\n");
}

const compiledFile = join(root, "pwa", "src", "language", "locales", "en.ts");

const readOrNothing = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

async function write(config: LinguiConfigNormalized): Promise<number> {
  const { catalog, found } = await catalogOf(config);
  await catalog.make({ clean: true, overwrite: true, locale: ["en"], orderBy: "messageId" });
  writeFileSync(compiledFile, compiledSource(Object.keys(found)));
  process.stdout.write(`${Object.keys(found).length} sentences in pwa/src/language/locales/en.po.\n`);
  return 0;
}

async function check(config: LinguiConfigNormalized): Promise<number> {
  const { sentences, missing, unused, unreadable, broken } = await compareCatalog(config);
  const lines = [
    ...missing.map((id) => `not in the catalogue: ${id}`),
    ...unused.map((id) => `in the catalogue, but nowhere in the code: ${id}`),
    ...unreadable.map((call) => `the sentence is not written where it is used: ${call}`),
    ...broken.map((id) => `cannot be compiled: ${id}`),
  ];
  const current =
    broken.length > 0 || readOrNothing(compiledFile) === compiledSource(sentences) ? [] : ["en.ts"];
  lines.push(...current.map((name) => `pwa/src/language/locales/${name} is not current`));
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (lines.length > 0) process.stdout.write('Run "npm run language" and commit what it writes.\n');
  return lines.length > 0 ? 1 : 0;
}

/** `npm run language [-- --check]`: writes the catalogue, or says what it does not have. */
if (import.meta.main) {
  const config = readConfig();
  process.exitCode = await (process.argv.includes("--check") ? check(config) : write(config));
}
