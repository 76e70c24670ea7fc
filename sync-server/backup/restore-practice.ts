import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { instantNow } from "#domain/kernel/clock.ts";
import type { CommandIo } from "#domain/kernel/command.ts";
import { trySignHead } from "#server/audit/sign-head.ts";
import { createLedger } from "#server/database/ledger.ts";
import { keysFromMirror, mirrorFolder, readMirror, writeMirror } from "#server/mirror/mirror.ts";
import { type Standing, standingOf } from "#server/mirror/standing.ts";
import { inFolder } from "#server/operations/data-folder.ts";
import { type DataFolderLock, lockDataFolder } from "#server/operations/data-folder-lock.ts";
import { OperationError } from "#server/operations/operation-error.ts";
import { startPostgres } from "#server/operations/postgres.ts";
import { ensureRoles, prepareExternalDatabase } from "#server/operations/postgres-roles.ts";
import { readOrCreateSecrets } from "#server/operations/postgres-secrets.ts";
import { privateFolder, readIfPresent } from "#server/operations/private-file.ts";
import { using } from "#server/practice/practice-database.ts";
import { BackupError } from "./backup-error.ts";
import { readBackup, readHeader } from "./backup-file.ts";
import { findBackupKey } from "./backup-key.ts";
import type { Moment } from "./dump.ts";
import { type Places, putFile } from "./folder-files.ts";
import { beginEpoch, type Recovered } from "./recover.ts";
import { restoreDatabase } from "./restore-database.ts";

export interface RestoreOptions {
  readonly file: string;
  readonly key?: string;
  readonly mirror?: string;
  readonly replace: boolean;
}

export interface Restoring {
  readonly moment: Moment;
  readonly recovered: Recovered;
  /** What the mirror knew; null when there was none. */
  readonly standing: Standing | null;
  /** The practice's own work after the backup, as far as the mirror knows. */
  readonly lost: Standing["own"];
  readonly lostWhole: boolean;
  readonly visitKeys: number;
}

const CONFIG = "config.json";

interface Plan extends Places {
  readonly mirror: string;
  readonly file: string;
  readonly key: Buffer;
  readonly moment: Moment;
  readonly standing: Standing | null;
}

/**
 * Brings a backup into the data folder. Until the restored database is whole it lies beside its place, so that a restore
 * that fails has changed nothing; the records that were there are put aside, never removed.
 * @throws {BackupError} · {OperationError}
 */
export async function restorePractice(env: CommandIo["env"], options: RestoreOptions): Promise<Restoring> {
  const data = inFolder(env.JAMEMR_DATA ?? "data");
  await privateFolder(data);
  const lock = await lockStopped(data);
  try {
    const plan = await prepare(env, data, options);
    const { recovered, standing, config } = env.DATABASE_URL
      ? await intoExternal(env, env.DATABASE_URL, plan)
      : await intoFolder(env, plan);
    // Last, because a folder with it is a practice that can be started.
    await putFile(plan, { entry: { type: "file", name: CONFIG }, bytes: Readable.from([config]) });
    const own = standing?.own.filter(({ seq }) => seq > plan.moment.auditHead) ?? [];
    const visits = await readdir(join(plan.store, "keys", "visits")).catch((): string[] => []);
    return {
      moment: plan.moment,
      recovered,
      standing,
      lost: own,
      lostWhole: (standing?.ownWhole ?? false) && (standing?.ownSince ?? 0) <= plan.moment.auditHead,
      visitKeys: visits.length,
    };
  } finally {
    await lock.release();
  }
}

/** @throws {BackupError} restore_running */
const lockStopped = (data: string): Promise<DataFolderLock> =>
  lockDataFolder(data).catch((error: unknown) => {
    if (!(error instanceof OperationError) || error.code !== "data_folder_locked") throw error;
    const { path = data, pid = 0, host = "" } = error.facts;
    throw new BackupError("restore_running", { path, process: pid, on: host }, error);
  });

/** Reads the backup to its end, and everything that could stand in the way, before anything changes. */
async function prepare(env: CommandIo["env"], data: string, options: RestoreOptions): Promise<Plan> {
  const store = env.JAMEMR_STORE ? resolve(env.JAMEMR_STORE) : data;
  const mirror = options.mirror ? resolve(options.mirror) : mirrorFolder(env, data);
  const file = resolve(options.file);
  const { header } = await readHeader(file);
  const config = await readIfPresent(join(data, "config.json"));
  if (config !== undefined && !options.replace)
    throw new BackupError("restore_practice_there", { path: data });
  if (config !== undefined && !config.includes(header.practiceId))
    throw new BackupError("restore_other_practice", { path: data });
  const standing = await readMirror(mirror);
  if (standing && standing.practiceId !== header.practiceId)
    throw new BackupError("restore_mirror_other", { path: mirror });
  const key = await findBackupKey(
    options.key ? [options.key] : [join(store, "keys", "backup"), join(mirror, "keys", "backup")],
  );
  const { moment } = await readBackup(file, key);
  return { data, store, mirror, file, key, moment, standing };
}

interface Begun {
  readonly config: Buffer;
  readonly recovered: Recovered;
  readonly standing: Standing | null;
}

/** A cluster of its own, made beside the present one. */
async function intoFolder(env: CommandIo["env"], plan: Plan): Promise<Begun> {
  const { data, store } = plan;
  const present = join(data, "postgres");
  const draft = join(data, "postgres.restored");
  await rm(draft, { recursive: true, force: true });
  for (const folder of ["keys", "logs"]) await privateFolder(join(data, folder));
  const begunHere = (await stat(join(store, "keys", "practice")).catch(() => null)) === null;
  if (begunHere) await keysFromMirror(plan.mirror, join(store, "keys"));
  const cluster = (directory: string) => ({
    directory,
    secretsFile: join(data, "keys", "postgres"),
    logFile: join(data, "logs", "postgres.log"),
  });
  // The records of a practice that can still be read know more than the mirror's last minute.
  const newest = (await stat(present).catch(() => null))
    ? await newestStanding(env, plan, cluster(present)).catch(() => plan.standing)
    : plan.standing;
  const postgres = await startPostgres(cluster(draft));
  let begun: Begun;
  try {
    const { ownerUrl, appUrl } = await ensureRoles(postgres.adminUrl, postgres.secrets);
    begun = await fill({ ...plan, standing: newest }, ownerUrl, appUrl);
  } finally {
    await postgres.stop();
  }
  if (await stat(present).catch(() => null))
    await rename(present, `${present}.before-${instantNow().replaceAll(/[:.]/g, "")}`);
  await rename(draft, present);
  return begun;
}

async function newestStanding(
  env: CommandIo["env"],
  plan: Plan,
  cluster: Parameters<typeof startPostgres>[0],
): Promise<Standing | null> {
  const postgres = await startPostgres(cluster);
  try {
    const { appUrl } = await ensureRoles(postgres.adminUrl, postgres.secrets);
    return await using(appUrl, async (database) => {
      await trySignHead(env, database); // the mirror then holds a head of all that is put aside
      return standingOf(database.em.fork(), plan.moment.auditHead);
    });
  } finally {
    await postgres.stop();
  }
}

async function intoExternal(env: CommandIo["env"], databaseUrl: string, plan: Plan): Promise<Begun> {
  const { data, store } = plan;
  for (const folder of ["keys", "logs"]) await mkdir(join(data, folder), { recursive: true, mode: 0o700 });
  if ((await stat(join(store, "keys", "practice")).catch(() => null)) === null)
    await keysFromMirror(plan.mirror, join(store, "keys"));
  const secrets = await readOrCreateSecrets(join(data, "keys", "postgres"));
  const { ownerUrl, appUrl } = await prepareExternalDatabase(
    databaseUrl,
    env.JAMEMR_DATABASE_APP_URL,
    secrets,
  );
  return fill(plan, ownerUrl, appUrl);
}

/** The records, what lies beside them, and the new epoch; then the mirror, so that it knows of the epoch. */
async function fill(plan: Plan, ownerUrl: string, appUrl: string): Promise<Begun> {
  const { standing } = plan;
  let config = Buffer.alloc(0);
  await restoreDatabase(plan.file, plan.key, ownerUrl, standing?.recordNumber ?? null, async (entry) => {
    if (entry.entry.name === CONFIG) config = await buffer(entry.bytes);
    else await putFile(plan, entry);
  });
  if (config.length === 0) throw new BackupError("backup_unreadable", { file: CONFIG });
  const recovered = await using(appUrl, async (database) => {
    const begun = await beginEpoch(createLedger(database), plan.moment, standing);
    await writeMirror(plan.mirror, join(plan.store, "keys"), await standingOf(database.em.fork()));
    return begun;
  });
  return { recovered, standing, config };
}
