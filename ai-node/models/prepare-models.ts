import { existsSync } from "node:fs";
import { chmod, copyFile, link, lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { newId } from "#domain/kernel/id.ts";
import { type ModelEntry, type ModelFile, manifest, modelDigest } from "./manifest.ts";
import { ModelError, readModelFile, sha256Of } from "./model-file.ts";
import { moonshineFiles } from "./moonshine-folder.ts";

export interface PreparedModel {
  readonly id: string;
  readonly sha256: string;
  readonly folder: string;
}

/** The user's cache of model files by hash: `JAMEMR_MODEL_CACHE`, else the platform's cache folder. */
export function defaultModelCache(env: NodeJS.ProcessEnv = process.env): string {
  return env.JAMEMR_MODEL_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "jamemr", "models");
}

/** Where npm put a package: looked for like Node does, because not every package exports its package.json. */
function packageFolder(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", ...name.split("/"));
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === dirname(folder))
      throw new ModelError("model_missing", `the npm package ${name} is not installed`);
  }
}

async function produce(model: ModelEntry, file: ModelFile): Promise<Uint8Array> {
  if (file.from) return readFile(join(packageFolder(model.source.package), ...file.from.split("/")));
  const text = moonshineFiles(model.builds === "moonshine-tiny" ? "tiny" : "base")[file.path];
  if (text === undefined) throw new ModelError("model_missing", `nothing builds ${model.id}/${file.path}`);
  return new TextEncoder().encode(text);
}

const isSound = (folder: string, path: string, sha256: string): Promise<boolean> =>
  readModelFile(folder, path, sha256).then(
    () => true,
    () => false,
  );

/**
 * Puts a file in place whole or not at all. What lies there is replaced in one step and never removed first: another
 * set-up may be linking to it at this moment. Only a folder has to make way.
 */
async function place(target: string, write: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.${newId()}`;
  try {
    await write(temporary);
    await chmod(temporary, 0o600);
    if ((await lstat(target).catch(() => null))?.isDirectory())
      await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function fillCache(cacheDir: string, model: ModelEntry, file: ModelFile): Promise<string> {
  const cached = join(cacheDir, file.sha256);
  if (await isSound(cacheDir, file.sha256, file.sha256)) return cached;
  const bytes = await produce(model, file);
  if (sha256Of(bytes) !== file.sha256) {
    const from = `${model.source.package}@${model.source.version}`;
    throw new ModelError(
      "model_damaged",
      `${model.id}/${file.path} from ${from} is not the file in the manifest`,
    );
  }
  await place(cached, (temporary) => writeFile(temporary, bytes));
  return cached;
}

/** Hard link where the file system allows it, else a copy. Never a symbolic link: those are refused when opening. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

async function prepareModel(model: ModelEntry, cacheDir: string, modelsDir: string): Promise<PreparedModel> {
  const folder = join(modelsDir, model.id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const file of model.files) {
    if (await isSound(folder, file.path, file.sha256)) continue;
    const cached = await fillCache(cacheDir, model, file);
    const target = join(folder, ...file.path.split("/"));
    await place(target, (temporary) => linkOrCopy(cached, temporary));
  }
  return { id: model.id, sha256: modelDigest(model), folder };
}

/**
 * Makes `<modelsDir>/<model id>/…` hold every file of the manifest, taking them from the installed npm packages by
 * way of a cache that is shared by all data folders of this user. Safe to run again and at the same time; damaged
 * files are replaced. Needs no network.
 * @throws {ModelError} when a package carries other bytes than the manifest promises
 */
export async function prepareModels({
  cacheDir = defaultModelCache(),
  modelsDir,
}: {
  cacheDir?: string;
  modelsDir: string;
}): Promise<PreparedModel[]> {
  const prepared: PreparedModel[] = [];
  for (const model of manifest) prepared.push(await prepareModel(model, cacheDir, modelsDir));
  return prepared;
}
