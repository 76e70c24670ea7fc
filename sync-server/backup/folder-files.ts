import { createReadStream } from "node:fs";
import { mkdir, open, readdir } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { systemCode } from "#server/operations/operation-error.ts";
import { BackupError } from "./backup-error.ts";
import type { EntryWithBytes } from "./frames.ts";

/** Folders of which a backup holds every file, and single files. Keys of visits are in the mirror alone, so that a destroyed one is in no backup. */
const folders = ["recordings", "documents", "tls"] as const;
const lastingKeys = ["practice", "signing.json", "agreement.json", "audit.json"] as const;

export interface Places {
  readonly data: string;
  /** Where `keys/` and `recordings/` are: the data folder, or `JAMEMR_STORE`. */
  readonly store: string;
}

const rootOf = ({ data, store }: Places, name: string): string =>
  /^(?:keys|recordings)\b/.test(name) ? store : data;

async function* filesIn(folder: string): AsyncGenerator<string> {
  const found = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  });
  for (const one of found) if (one.isFile()) yield join(one.parentPath, one.name);
}

/** What lies beside the database and belongs to the practice. */
export async function* filesBeside(places: Places, recordings: boolean): AsyncGenerator<EntryWithBytes> {
  const names = ["config.json", ...lastingKeys.map((name) => `keys/${name}`)];
  for (const folder of folders) {
    if (folder === "recordings" && !recordings) continue;
    const root = rootOf(places, folder);
    for await (const file of filesIn(join(root, folder)))
      names.push(relative(root, file).split(sep).join("/"));
  }
  for (const name of names) {
    const file = join(rootOf(places, name), name);
    const source = await open(file, "r").catch((error: unknown) => {
      // Moved or finished meanwhile; what the tables name was there before them.
      if (systemCode(error) === "ENOENT") return null;
      throw error;
    });
    if (!source) continue;
    yield {
      entry: { type: "file", name },
      bytes: createReadStream("", { fd: source, highWaterMark: 256 * 1024 }),
    };
  }
}

/** Puts a file of a backup in its place, 0600, and leaves one that is there as it is. */
export async function putFile(places: Places, { entry: { name }, bytes }: EntryWithBytes): Promise<void> {
  const root = resolve(rootOf(places, name));
  const file = resolve(root, name);
  if (!file.startsWith(`${root}${sep}`)) throw new BackupError("backup_unreadable", { file: name });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const target = await open(file, "wx", 0o600).catch((error: unknown) => {
    if (systemCode(error) === "EEXIST") return null;
    throw error;
  });
  if (!target) return;
  try {
    for await (const chunk of bytes) await target.writeFile(chunk);
    await target.sync();
  } finally {
    await target.close();
  }
}
