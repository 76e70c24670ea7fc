import { join } from "node:path";
import type { CommandIo } from "#domain/kernel/command.ts";
import type { Database } from "#server/database/database.ts";
import { pendingMigrations } from "#server/database/migrate.ts";
import { openKeyStore } from "#server/keys/key-store.ts";
import { mirrorFolder } from "#server/mirror/mirror.ts";
import { inFolder } from "#server/operations/data-folder.ts";
import { presentEpoch } from "#server/practice/epoch.ts";
import { using } from "#server/practice/practice-database.ts";
import { openCheckpoints } from "./checkpoints.ts";

type Places = CommandIo["env"];

/**
 * Signs the head of a practice's log beside its server, or while that is stopped: before what could lose records, and after
 * a command that wrote one, which would else stand unsigned until the next start.
 * @returns the verifier key
 * @throws {OperationError} keys_missing · {ForkedLog}
 */
export async function signHead(env: Places, database: Database): Promise<string> {
  const [practice]: { id: string }[] = await database.em.fork().execute("select id from practice");
  if (!practice) throw new Error("there is no practice in the database yet");
  const data = inFolder(env.JAMEMR_DATA ?? "data");
  const checkpoints = await openCheckpoints({
    database,
    keys: await openKeyStore(join(env.JAMEMR_STORE ?? data, "keys"), { founded: true }),
    practiceId: practice.id,
    epoch: presentEpoch(database).epoch,
    mirror: mirrorFolder(env, data),
  });
  await checkpoints.make();
  return checkpoints.key;
}

/**
 * The same where what follows has to be done also when the log is not what it was, or its key is gone.
 * @returns why it was not signed, or null
 */
export const trySignHead = (env: Places, database: Database): Promise<string | null> =>
  signHead(env, database).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : "unknown"),
  );

/** What an unclean stop left unsigned is under a head before a release changes the tables in which it stands. */
export async function signBeforeMigrating(env: Places, ownerUrl: string): Promise<void> {
  if ((await pendingMigrations(ownerUrl)).length === 0) return;
  await using(ownerUrl, async (database) => {
    const [found]: { there: boolean }[] = await database.em
      .fork()
      .execute("select to_regclass('audit_checkpoint') is not null as there");
    const refused = found?.there ? await trySignHead(env, database) : null;
    if (refused !== null) process.stderr.write(`audit log not signed before the migration: ${refused}\n`);
  });
}
