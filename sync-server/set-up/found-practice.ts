import { join, resolve } from "node:path";
import { pino } from "pino";
import type { CommandIo } from "#domain/kernel/command.ts";
import { readConfig } from "#server/config.ts";
import { createLedger } from "#server/database/ledger.ts";
import { migrate } from "#server/database/migrate.ts";
import {
  checkFreeSpace,
  type DataFolder,
  ensureLayout,
  openDataFolder,
} from "#server/operations/data-folder.ts";
import { lockDataFolder } from "#server/operations/data-folder-lock.ts";
import { OperationError } from "#server/operations/operation-error.ts";
import { startPostgres } from "#server/operations/postgres.ts";
import {
  type DatabaseUrls,
  ensureRoles,
  parseDatabaseUrl,
  prepareExternalDatabase,
} from "#server/operations/postgres-roles.ts";
import { readOrCreateSecrets } from "#server/operations/postgres-secrets.ts";
import { readIfPresent } from "#server/operations/private-file.ts";
import { openPractice } from "#server/practice/open-practice.ts";
import { withPracticeDatabase } from "#server/practice/practice-database.ts";
import { type IssuedCode, issueSetUpCode } from "./set-up-code.ts";

export interface Founding {
  readonly data: string;
  readonly name?: string | undefined;
  readonly timezone?: string | undefined;
}

export interface Founded extends IssuedCode {
  readonly folder: DataFolder;
}

type Environment = CommandIo["env"];

/**
 * Makes a real practice in an empty data folder: keys, database, schema, its row, and the code for its first administrator. In a
 * folder with a practice that nobody has entered yet, running or not, it makes a new code.
 * @throws {OperationError} with the launcher's codes, `init_trial`, `init_entered`, `init_named`
 */
export async function foundPractice(env: Environment, founding: Founding): Promise<Founded> {
  const data = resolve(founding.data);
  if (env.DATABASE_URL) parseDatabaseUrl(env.DATABASE_URL);
  const isThere = (await readIfPresent(join(data, "config.json"))) !== undefined;
  if (!isThere) await ensureLayout(data);
  const lock = await lockDataFolder(data).catch((error: unknown) => {
    const running = error instanceof OperationError && error.code === "data_folder_locked" && isThere;
    if (!running) throw error;
  });
  if (!lock) {
    const folder = await openFolder(founding, data);
    const issued = await withPracticeDatabase({ ...env, JAMEMR_DATA: data }, (database) =>
      issueSetUpCode(createLedger(database)),
    );
    return { ...issued, folder };
  }
  try {
    await checkFreeSpace(data);
    const folder = await openFolder(founding, data);
    return { ...(await onDatabase(env, data, (urls) => found(env, folder, urls))), folder };
  } finally {
    await lock.release();
  }
}

/** A practice keeps its name and zone; asking for others must not look as if it had got them. */
async function openFolder({ name, timezone }: Founding, data: string): Promise<DataFolder> {
  const folder = await openDataFolder(data, {
    kind: "real",
    name: name ?? "Practice",
    timezone: timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  const { config } = folder;
  if (config.kind !== "real") throw new OperationError("init_trial", { path: data });
  const isOther = (wanted: string | undefined, is: string | undefined) =>
    wanted !== undefined && wanted !== is;
  if (isOther(name, config.name) || isOther(timezone, config.timezone))
    throw new OperationError("init_named", {
      path: data,
      name: config.name ?? "Practice",
      zone: config.timezone,
    });
  return folder;
}

async function onDatabase<T>(
  env: Environment,
  data: string,
  work: (urls: DatabaseUrls) => Promise<T>,
): Promise<T> {
  const secretsFile = join(data, "keys", "postgres");
  if (env.DATABASE_URL) {
    const secrets = await readOrCreateSecrets(secretsFile);
    return work(
      await prepareExternalDatabase(env.DATABASE_URL, env.JAMEMR_DATABASE_APP_URL || undefined, secrets),
    );
  }
  const postgres = await startPostgres({
    directory: join(data, "postgres"),
    secretsFile,
    logFile: join(data, "logs", "postgres.log"),
  });
  try {
    return await work(await ensureRoles(postgres.adminUrl, postgres.secrets));
  } finally {
    await postgres.stop();
  }
}

async function found(
  env: Environment,
  folder: DataFolder,
  { ownerUrl, appUrl }: DatabaseUrls,
): Promise<IssuedCode> {
  await migrate(ownerUrl);
  const practice = await openPractice({
    config: readConfig({
      ...env,
      JAMEMR_DATA: folder.path,
      DATABASE_URL: ownerUrl,
      JAMEMR_DATABASE_APP_URL: appUrl,
    }),
    folder: folder.config,
    log: pino({ level: "silent" }),
  });
  try {
    const issued = await issueSetUpCode(practice.ledger);
    // The log's head is signed with the code in it, as at every stop.
    await practice.checkpoints.make();
    return issued;
  } finally {
    await practice.close();
  }
}
