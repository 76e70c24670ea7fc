import { readdir, rm, statfs, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import { toHex } from "#domain/kernel/bytes.ts";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { idSchema, newId } from "#domain/kernel/id.ts";
import { OperationError, systemCode } from "./operation-error.ts";
import { privateFolder, readIfPresent, writePrivateFile } from "./private-file.ts";

/** Version of the folder's layout that this program writes. Raise it when an older program could do harm. */
export const dataFolderVersion = 1;

/** Folders of every data folder (see docs/operate); each is 0700 and every file in it 0600. */
const folders = [
  "keys",
  "tls",
  "ai-node",
  "recordings",
  "uploads",
  "documents",
  "models",
  "mirror",
  "logs",
] as const;

const configSchema = z.object({
  /** Names the practice in cookies, tokens and backups; never changes. */
  practiceId: idSchema,
  created: z.iso.datetime(),
  /** A trial practice holds synthetic people and can never become a real one. */
  kind: z.enum(["trial", "real"]),
  /** What a real practice is called. */
  name: z.string().min(1).optional(),
  /** IANA time zone of the practice: what "today" means. */
  timezone: z.string().min(1),
  schemaVersion: z.int().positive(),
});

export type DataFolderConfig = z.infer<typeof configSchema>;

export interface DataFolder {
  /** Absolute path. */
  readonly path: string;
  readonly config: DataFolderConfig;
  /** True when this call made the practice, so that there is nothing in it yet. */
  readonly created: boolean;
}

export interface OpenOptions {
  /** What a folder without a practice becomes. An existing practice keeps its kind. */
  readonly kind?: DataFolderConfig["kind"];
  readonly name?: string;
  readonly timezone?: string;
}

/** The path of something in a data folder, e.g. `inFolder(data, "keys", "postgres")`. */
export const inFolder = (dataFolder: string, ...parts: string[]): string =>
  join(resolve(dataFolder), ...parts);

/**
 * Opens a practice's data folder and makes it when there is none. Call it after taking the lock.
 *
 * @throws {OperationError} `data_folder_not_writable`, `disk_full`, `data_folder_newer`, `data_folder_damaged`
 */
export async function openDataFolder(path: string, options: OpenOptions = {}): Promise<DataFolder> {
  const root = resolve(path);
  await ensureLayout(root);
  const file = join(root, "config.json");
  const text = await readIfPresent(file);
  if (text !== undefined) return { path: root, config: parseConfig(root, text), created: false };
  const config: DataFolderConfig = {
    practiceId: newId(),
    created: instantNow(),
    kind: options.kind ?? "trial",
    ...(options.name !== undefined && { name: options.name }),
    timezone: options.timezone ?? "America/New_York",
    schemaVersion: dataFolderVersion,
  };
  await writePrivateFile(file, `${JSON.stringify(config, null, 2)}\n`);
  return { path: root, config, created: true };
}

/** What else may lie in a data folder; `lost+found` is there when a disk is mounted on it. */
const otherNames =
  /^(?:config\.json.*|lock.*|postgres|postgres\.(?:new|restored|before-.*)|\.probe-.*|lost\+found)$/;

/** A mistyped `--data ~` must not lock a home directory away from its owner. */
async function refuseForeignFolder(root: string): Promise<void> {
  const names = await readdir(root).catch((): string[] => []);
  if (names.includes("config.json")) return;
  const foreign = names.find((name) => !otherNames.test(name) && !folders.some((folder) => folder === name));
  if (foreign !== undefined) throw new OperationError("data_folder_foreign", { path: root, file: foreign });
}

/**
 * Makes the folders and proves that a file can be written. Harmless beside a running practice.
 *
 * @throws {OperationError} `data_folder_foreign`, `data_folder_not_writable`, `disk_full`
 */
export async function ensureLayout(path: string): Promise<void> {
  const root = resolve(path);
  await refuseForeignFolder(root);
  try {
    await privateFolder(root);
    for (const folder of folders) await privateFolder(join(root, folder));
    const probe = join(root, `.probe-${toHex(randomBytes(6))}`);
    await writeFile(probe, "can this folder be written?", { mode: 0o600, flag: "wx" });
    await rm(probe);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOSPC" || code === "EDQUOT")
      throw new OperationError("disk_full", { path: root, free: 0 }, error);
    throw new OperationError(
      "data_folder_not_writable",
      { path: root, reason: code || String(error) },
      error,
    );
  }
}

function parseConfig(path: string, text: string): DataFolderConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new OperationError("data_folder_damaged", { path, file: "config.json" }, error);
  }
  const version = z.object({ schemaVersion: z.number() }).safeParse(value);
  if (version.success && version.data.schemaVersion > dataFolderVersion) {
    throw new OperationError("data_folder_newer", {
      path,
      found: version.data.schemaVersion,
      known: dataFolderVersion,
    });
  }
  const config = configSchema.safeParse(value);
  if (config.success) return config.data;
  throw new OperationError("data_folder_damaged", { path, file: "config.json" }, config.error);
}

/** Space that PostgreSQL, a day's recordings and a backup need to begin with, in bytes. */
export const minimumFreeBytes = 512 * 1024 * 1024;

/**
 * Refuses to start on a disk that is nearly full, while nothing has been promised to anybody yet.
 *
 * @throws {OperationError} `disk_full` with the free mebibytes
 */
export async function checkFreeSpace(path: string, minimum = minimumFreeBytes): Promise<void> {
  const { bavail, bsize } = await statfs(resolve(path));
  const free = bavail * bsize;
  if (free < minimum) {
    const mebibytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
    throw new OperationError("disk_full", {
      path: resolve(path),
      free: mebibytes(free),
      needed: mebibytes(minimum),
    });
  }
}
