// Builds the web application into dist/pwa when its sources changed. `npm run build` forces it.
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled, root, runNode, say, withSetupLock } from "./bootstrap.mjs";
import { explainStartError, StartError } from "./start-errors.mjs";

const sources = ["pwa", "domain", "vite.config.ts", "lingui.config.ts", "package-lock.json", "package.json"];
const output = join(root, "dist", "pwa");
const stamp = join(output, ".build-stamp");

function* filesOf(path) {
  if (!existsSync(path)) return;
  const entries = readdirOrFile(path);
  if (entries === undefined) yield path;
  else for (const name of entries.sort()) yield* filesOf(join(path, name));
}

function readdirOrFile(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** SHA-256 over the names and bytes of everything the application is built from, tests excepted. */
export function sourceDigest(folder = root) {
  const hash = createHash("sha256");
  for (const source of sources) {
    for (const file of filesOf(join(folder, source))) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash.update(file.slice(folder.length)).update("\0").update(readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex");
}

/**
 * Builds when the stamp in dist/pwa does not name the present sources. The old build stays in place until the new
 * one is complete.
 *
 * @throws {StartError} `build_failed`
 */
export async function ensureBuilt({ force = false } = {}) {
  if (!existsSync(join(root, "pwa", "index.html"))) return;
  if (!force && isCurrent()) return;
  await withSetupLock(async () => {
    if (!force && isCurrent()) return;
    const digest = sourceDigest();
    say("Building the web application …");
    const draft = `${output}.${randomUUID()}`;
    const vite = join(root, "node_modules", "vite", "bin", "vite.js");
    try {
      const status = await runNode([vite, "build", "--logLevel", "warn", "--outDir", draft, "--emptyOutDir"]);
      if (status !== 0) throw new StartError("build_failed", { status });
      writeFileSync(join(draft, ".build-stamp"), digest);
      replace(draft);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}

function replace(draft) {
  const old = `${output}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(output)) renameSync(output, old);
  renameSync(draft, output);
  rmSync(old, { recursive: true, force: true });
}

function isCurrent() {
  try {
    return readFileSync(stamp, "utf8") === sourceDigest();
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await ensureInstalled();
    await ensureBuilt({ force: true });
  } catch (error) {
    process.stderr.write(`${explainStartError(error)}\n`);
    process.exitCode = 1;
  }
}
