import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { join } from "node:path";
import { type ModelEntry, modelById } from "./manifest.ts";

export type ModelFault = "model_missing" | "model_unsafe" | "model_damaged";

/** A model file that must not be opened. The message names the file, for the operator. */
export class ModelError extends Error {
  readonly code: ModelFault;
  constructor(code: ModelFault, message: string) {
    super(message);
    this.name = "ModelError";
    this.code = code;
  }
}

export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");

async function insideFolder(folder: string, path: string): Promise<string> {
  const file = join(folder, path);
  const entry = await lstat(file).catch(() => null);
  if (!entry) throw new ModelError("model_missing", `${file} is missing: run the set-up again`);
  if (!entry.isFile()) throw new ModelError("model_unsafe", `${file} is not a regular file`);
  const [root, real] = await Promise.all([realpath(folder), realpath(file)]);
  if (real !== join(root, ...path.split("/"))) {
    throw new ModelError("model_unsafe", `${file} is reached through a link`);
  }
  return real;
}

/**
 * Reads one model file and proves that it is the one in the manifest. The bytes that were hashed are the bytes that
 * are returned (and given to the runtime), so nothing can be swapped in between and no weights can refer to a
 * further file.
 * @throws {ModelError} missing, not a regular file, a link out of the folder, or another hash
 */
export async function readModelFile(folder: string, path: string, sha256: string): Promise<Uint8Array> {
  const real = await insideFolder(folder, path);
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const bytes = await handle.readFile();
    if (sha256Of(bytes) !== sha256) {
      throw new ModelError(
        "model_damaged",
        `${real} is not the file in the manifest: delete it and run the set-up again`,
      );
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Every file of a model by its path, each checked. Files lie in `<modelsDir>/<model id>/<path>`. */
export async function readModel(modelsDir: string, id: string): Promise<Map<string, Uint8Array>> {
  const model: ModelEntry = modelById(id);
  const folder = join(modelsDir, id);
  const read = model.files.map(
    async ({ path, sha256 }) => [path, await readModelFile(folder, path, sha256)] as const,
  );
  return new Map(await Promise.all(read));
}
