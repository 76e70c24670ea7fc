import { join } from "node:path";
import type { CommandIo } from "#domain/kernel/command.ts";
import { type Database, openDatabase } from "#server/database/database.ts";
import { isUnavailable } from "#server/database/database-error.ts";
import { inFolder, openDataFolder } from "#server/operations/data-folder.ts";
import { lockDataFolder } from "#server/operations/data-folder-lock.ts";
import { startPostgres } from "#server/operations/postgres.ts";
import { loginUrl, parseDatabaseUrl, withClient } from "#server/operations/postgres-roles.ts";
import { readOrCreateSecrets } from "#server/operations/postgres-secrets.ts";
import { readIfPresent } from "#server/operations/private-file.ts";

/**
 * Opens the database of the practice in `JAMEMR_DATA` (default `data`) for an operator command: the running one beside
 * its server, or, when the practice is stopped, one that is started for the command and stopped after it.
 *
 * @param login the owner's only where the server's rights are not enough, e.g. to read which migrations were applied
 * @throws {OperationError} with the launcher's codes · {Error} {@link noPractice} in the folder
 */
export const withPracticeDatabase = <T>(
  env: CommandIo["env"],
  work: (database: Database) => Promise<T>,
  login: "jamemr_app" | "jamemr_owner" = "jamemr_app",
): Promise<T> => withPracticeUrl(env, (url) => using(url, work), login);

/** The same for work that needs a connection of another kind. */
export async function withPracticeUrl<T>(
  env: CommandIo["env"],
  work: (url: string) => Promise<T>,
  login: "jamemr_app" | "jamemr_owner",
): Promise<T> {
  const given = login === "jamemr_app" ? env.JAMEMR_DATABASE_APP_URL : undefined;
  if (env.DATABASE_URL) {
    parseDatabaseUrl(env.DATABASE_URL);
    return work(given ?? env.DATABASE_URL);
  }
  const data = inFolder(env.JAMEMR_DATA ?? "data");
  if ((await readIfPresent(join(data, "config.json"))) === undefined) throw noPractice(data);
  const secretsFile = join(data, "keys", "postgres");
  const secrets = await readOrCreateSecrets(secretsFile);
  const urlAt = (port: number) =>
    loginUrl(`postgres://127.0.0.1:${port}/`, "jamemr", login, secrets.passwords[login]);
  if (secrets.port !== null && (await answers(urlAt(secrets.port)))) return work(urlAt(secrets.port));
  const lock = await lockDataFolder(data);
  try {
    await openDataFolder(data);
    const postgres = await startPostgres({
      directory: join(data, "postgres"),
      secretsFile,
      logFile: join(data, "logs", "postgres.log"),
    });
    try {
      return await work(urlAt(postgres.port));
    } finally {
      await postgres.stop();
    }
  } finally {
    await lock.release();
  }
}

export const noPractice = (data: string): Error =>
  new Error(`There is no practice in ${data}. Say where it is with JAMEMR_DATA=DIR.`);

/** Works on the database of an address, with few connections. */
export async function using<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(url, 2);
  try {
    return await work(database);
  } finally {
    await database.close(true);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query("select 1"));
    return true;
  } catch (error) {
    if (isUnavailable(error)) return false;
    throw error;
  }
}
