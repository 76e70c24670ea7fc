import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent, writePrivateFile } from "#server/operations/private-file.ts";
import { BackupError } from "./backup-error.ts";

const LENGTH = 32;

const parse = (text: string): Buffer | null => {
  const key = Buffer.from(text.trim(), "base64url");
  return key.length === LENGTH ? key : null;
};

/** The key of this practice's backups, made with the first one; it goes to the mirror and to a safe place on paper. */
export async function backupKey(keys: string): Promise<{ readonly key: Buffer; readonly made: boolean }> {
  const file = join(keys, "backup");
  const stored = await readIfPresent(file);
  const known = stored === undefined ? null : parse(stored);
  if (known) return { key: known, made: false };
  if (stored !== undefined) throw new BackupError("backup_key_missing", { file });
  const key = randomBytes(LENGTH);
  await writePrivateFile(file, `${key.toString("base64url")}\n`);
  return { key, made: true };
}

/** @throws {BackupError} backup_key_missing when none of the files holds a key */
export async function findBackupKey(files: readonly string[]): Promise<Buffer> {
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    const key = parse(text);
    if (key) return key;
  }
  throw new BackupError("backup_key_missing", { looked: files.join(", ") });
}
