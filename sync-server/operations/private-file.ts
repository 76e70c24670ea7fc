import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { toHex } from "#domain/kernel/bytes.ts";
import { randomBytes } from "#domain/kernel/clock.ts";
import { systemCode } from "./operation-error.ts";

/** Creates a folder that only its owner may enter, and takes away wider rights from one that exists. */
export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

/**
 * Writes a file for its owner's eyes (0600) so that a crash leaves either the old or the new content: the bytes
 * are on the disk before the name changes hands.
 *
 * @throws the system error (`ENOSPC`, `EACCES`, …) of the failing step; the old file is then untouched
 */
export async function writePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${toHex(randomBytes(6))}.new`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Makes renames and new names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The text of a file, or `undefined` when there is none. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
