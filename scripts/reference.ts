import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { permissionsPage } from "./reference/access-pages.ts";
import { configPage } from "./reference/config-page.ts";
import { errorsPage, startErrorsPage } from "./reference/error-pages.ts";
import { routesPage } from "./reference/routes-page.ts";
import { mutationsPage, protocolPage } from "./reference/sync-pages.ts";

const folder = fileURLToPath(new URL("../docs/reference", import.meta.url));

/** The generated pages by file name. The same sources always give the same bytes. */
export const pages: Readonly<Record<string, () => string>> = {
  "permissions.md": permissionsPage,
  "errors.md": errorsPage,
  "config.md": configPage,
  "protocol.md": protocolPage,
  "mutations.md": mutationsPage,
  "routes.md": routesPage,
  "start-errors.md": startErrorsPage,
};

const readOrNothing = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

/** What of `at` is not what the sources say now: pages that differ, and pages that nothing generates any more. */
export function outdated(at = folder): string[] {
  const differing = Object.entries(pages)
    .filter(([name, make]) => readOrNothing(join(at, name)) !== make())
    .map(([name]) => name);
  const left = readdirSync(at).filter((name) => name !== "README.md" && !Object.hasOwn(pages, name));
  return [...differing, ...left];
}

/** Writes every page into `at`. */
export function writePages(at = folder): void {
  mkdirSync(at, { recursive: true });
  for (const [name, make] of Object.entries(pages)) writeFileSync(join(at, name), make());
}

/** `npm run reference [-- --check]`: writes docs/reference, or says which of its pages are not current. */
function main(args: readonly string[]): number {
  if (!args.includes("--check")) {
    writePages();
    process.stdout.write(`${Object.keys(pages).length} pages written to docs/reference.\n`);
    return 0;
  }
  const found = outdated();
  for (const name of found) process.stdout.write(`docs/reference/${name} is not current.\n`);
  if (found.length > 0) process.stdout.write('Run "npm run reference" and commit what it writes.\n');
  return found.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
