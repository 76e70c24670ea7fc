import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { newId } from "#domain/kernel/id.ts";
import { makeBackup } from "../backup/make-backup.ts";
import { beginEpoch, type Recovered } from "../backup/recover.ts";
import { restoreDatabase } from "../backup/restore-database.ts";
import { openDatabase } from "../database/database.ts";
import { createLedger } from "../database/ledger.ts";
import { type Standing, standingOf } from "../mirror/standing.ts";
import { createEmptyDatabase } from "./database.ts";
import { openTestPractice, type TestPractice } from "./test-practice.ts";

export interface TestBackup {
  readonly file: string;
  readonly key: Uint8Array;
}

const noFiles = async function* () {};

/** A backup of a practice as it is now. */
export async function backUp(practice: TestPractice): Promise<TestBackup> {
  const backup = { file: join(practice.folder, `${newId()}.jamemr-backup`), key: randomBytes(32) };
  await makeBackup(backup.file, backup.key, practice.ownerUrl, noFiles);
  return backup;
}

/**
 * The practice as it was at its backup, on a database of its own and in the same folder. The one that it was until now goes
 * on beside it, so that a test can look at both.
 * @param mirror what is known of the time since; of this moment, unless something else is given
 */
export async function bringBack(
  practice: TestPractice,
  { file, key }: TestBackup,
  mirror?: Standing | null,
): Promise<{ readonly practice: TestPractice; readonly recovered: Recovered }> {
  const standing = mirror === undefined ? await standingOf(practice.practice.database.em.fork()) : mirror;
  const database = await createEmptyDatabase();
  const moment = await restoreDatabase(file, key, database.ownerUrl, standing?.recordNumber ?? null);
  const opened = await openDatabase(database.appUrl, 2);
  const recovered = await beginEpoch(createLedger(opened), moment, standing);
  await opened.close(true);
  const on = { database, folder: practice.folder, practiceId: practice.practice.info.id };
  return { practice: await openTestPractice({ on }), recovered };
}
