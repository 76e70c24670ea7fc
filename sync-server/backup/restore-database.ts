import { migrate, migrationNames } from "#server/database/migrate.ts";
import { withClient } from "#server/operations/postgres-roles.ts";
import { BackupError } from "./backup-error.ts";
import { readBackup, readHeader } from "./backup-file.ts";
import type { Moment } from "./dump.ts";
import type { EntryWithBytes } from "./frames.ts";
import { loadTables } from "./load.ts";

/** Record numbers that are passed over when nobody knows how many were given since the backup. */
const MARGIN = 1000;
const RECORD_NUMBER = "public.patient_record_number";

/**
 * Brings a backup into an empty database, with the owner's login: the schema as it was at the backup, its rows, then the
 * migrations since. A number that a patient was given is never given to another one.
 *
 * @param recordNumber the newest one that was given, if known
 * @param takeFile gets what is not a table
 * @throws {BackupError} backup_newer, restore_database_used and those of {@link readBackup}
 */
export async function restoreDatabase(
  file: string,
  key: Uint8Array,
  ownerUrl: string,
  recordNumber: number | null,
  takeFile: (entry: EntryWithBytes) => Promise<void> = async () => {},
): Promise<Moment> {
  const { moment } = await readHeader(file);
  const known = await migrationNames();
  if (moment.migrations.some((name) => !known.includes(name))) throw new BackupError("backup_newer");
  await refuseUsed(ownerUrl);
  await migrate(ownerUrl, moment.migrations);
  await withClient(ownerUrl, (client) =>
    loadTables(client, { sequences: moment.sequences.map(beyond(recordNumber)) }, async (takeTable) => {
      await readBackup(file, key, (entry) =>
        entry.entry.type === "table" ? takeTable(entry) : takeFile(entry),
      );
    }),
  );
  await migrate(ownerUrl);
  return moment;
}

const beyond =
  (recordNumber: number | null) =>
  (sequence: Moment["sequences"][number]): Moment["sequences"][number] => {
    if (sequence.name !== RECORD_NUMBER) return sequence;
    const last = Number(sequence.last ?? 0);
    return { ...sequence, last: String(Math.max(last, recordNumber ?? last + MARGIN)) };
  };

async function refuseUsed(ownerUrl: string): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    const { rows } = await client.query("select from pg_tables where schemaname = 'public' limit 1");
    if (rows.length > 0) throw new BackupError("restore_database_used");
  });
}
