import { extractor } from "@lingui/cli/api";
import { defineConfig, type ExtractorType, type LinguiConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";
import { auditActions } from "./domain/audit/actions.ts";
import { errorCatalog } from "./domain/errors/catalog.ts";

/** Lists whose sentences the page shows by their key: they are in the catalogue as if they stood in the page. */
const lists: Readonly<Record<string, readonly string[]>> = {
  "domain/errors/catalog.ts": Object.values(errorCatalog).map(({ message }) => message),
  "domain/audit/actions.ts": Object.values(auditActions),
};

const listOf = (filename: string) => Object.keys(lists).find((path) => filename.endsWith(path));

const listExtractor: ExtractorType = {
  match: (filename) => listOf(filename) !== undefined,
  extract(filename, _code, onMessageExtracted) {
    for (const id of lists[listOf(filename)!]!) onMessageExtracted({ id, origin: [filename, 1] });
  },
};

/**
 * English sentences are the ids in the code. `npm run language` collects them in pwa/src/language/locales/en.po, from
 * which translators work, and compiles what the page cannot show as it stands.
 */
const config: LinguiConfig = {
  sourceLocale: "en",
  locales: ["en"],
  catalogs: [
    {
      path: "<rootDir>/pwa/src/language/locales/{locale}",
      include: [
        "<rootDir>/pwa/src",
        "<rootDir>/domain/errors/catalog.ts",
        "<rootDir>/domain/audit/actions.ts",
      ],
      exclude: ["**/*.test.*", "**/testing/**", "**/locales/**"],
    },
  ],
  extractors: [listExtractor, extractor],
  format: formatter({ lineNumbers: false, explicitIdAsDefault: true }),
  orderBy: "messageId",
};

export default defineConfig(config);
