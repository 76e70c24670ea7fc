import { join } from "node:path";
import { type Logger, pino } from "pino";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { openCheckpoints } from "#server/audit/checkpoints.ts";
import type { Config } from "#server/config.ts";
import { openDatabase } from "#server/database/database.ts";
import { createLedger } from "#server/database/ledger.ts";
import { createAuthenticator } from "#server/identity/principal.ts";
import { Throttle } from "#server/identity/throttle.ts";
import { createTokenSigner } from "#server/identity/token.ts";
import { openJobQueue, type QueueTimes } from "#server/jobs/job-queue.ts";
import { abandonTranscription, queueAfterRestore } from "#server/jobs/transcription.ts";
import { openKeyStore } from "#server/keys/key-store.ts";
import { mirrorFolder } from "#server/mirror/mirror.ts";
import type { DataFolderConfig } from "#server/operations/data-folder.ts";
import { readIfPresent, writePrivateFile } from "#server/operations/private-file.ts";
import { openRecordingStore } from "#server/recordings/recording-store.ts";
import { openLiveEvents } from "#server/sync/live-events.ts";
import { registerToken } from "#server/token/service-token.ts";
import { presentEpoch } from "./epoch.ts";
import type { Practice } from "./practice.ts";
import { bookTrialDay, fillTrialPractice } from "./trial/trial-practice.ts";

export interface OpenPracticeOptions {
  readonly config: Config;
  readonly folder: Pick<DataFolderConfig, "practiceId" | "kind" | "timezone" | "name">;
  readonly log?: Logger;
  readonly queueTimes?: QueueTimes;
}

export interface OpenPractice extends Practice {
  close(): Promise<void>;
}

/**
 * Opens everything a server works with. The schema must be up to date; a new database becomes the practice that the
 * data folder names, and a trial practice is filled.
 */
export async function openPractice({
  config,
  folder,
  log = createLog(config),
  queueTimes,
}: OpenPracticeOptions): Promise<OpenPractice> {
  const store = config.JAMEMR_STORE ?? config.JAMEMR_DATA;
  const database = await openDatabase(config.JAMEMR_DATABASE_APP_URL);
  const [known]: unknown[] = await database.em.fork().execute("select 1 from practice");
  const keys = await openKeyStore(join(store, "keys"), { founded: known !== undefined });
  const tokens = createTokenSigner(keys, folder.practiceId);
  const live = await openLiveEvents(config.JAMEMR_DATABASE_APP_URL, log);
  const jobs = await openJobQueue(config.JAMEMR_DATABASE_APP_URL, log, queueTimes);
  const { epoch, ...restores } = presentEpoch(database);
  const practice: OpenPractice = {
    config,
    info: {
      id: folder.practiceId,
      name: folder.name ?? (folder.kind === "trial" ? "Trial practice" : "Practice"),
      zone: folder.timezone,
      trial: folder.kind === "trial",
    },
    database,
    ledger: createLedger(database),
    keys,
    checkpoints: await openCheckpoints({
      database,
      keys,
      practiceId: folder.practiceId,
      epoch,
      mirror: mirrorFolder({ JAMEMR_MIRROR: config.JAMEMR_MIRROR }, config.JAMEMR_DATA),
    }),
    tokens,
    authenticator: createAuthenticator(database, tokens),
    throttle: new Throttle(),
    jobs,
    recordings: openRecordingStore(join(store, "recordings")),
    live,
    log,
    epoch,
    ...restores,
    async close() {
      await jobs.close();
      await live.close();
      await database.close(true);
    },
  };
  await foundPractice(practice);
  if (practice.info.trial) await bookTrialDay(practice);
  if (await practice.recovering()) await queueAfterRestore(practice);
  if (practice.checkpoints.latest() === null) await signFirst(practice);
  await jobs.onAbandoned((job) => abandonTranscription(practice, job.recordingId, "no_answer"));
  return practice;
}

/** Logs are for operators and hold ids and codes only; what could carry a secret is cut out all the same. */
const createLog = (config: Config): Logger =>
  pino({
    level: config.JAMEMR_LOG_LEVEL,
    base: { service: "sync-server" },
    redact: {
      paths: ["*.password", "*.token", "*.authorization", "*.cookie", "*.args", "*.body"],
      remove: true,
    },
  });

/** Whoever has seen a head of the log before a restore asks for one of the present epoch before believing anything. */
const signFirst = ({ checkpoints, log }: Practice): Promise<unknown> =>
  checkpoints
    .make()
    .catch((error: unknown) =>
      log.error({ err: error instanceof Error ? error.message : "unknown" }, "audit log not signed"),
    );

/** The first start on a database: the practice's row, its first epoch, the trial's people and its AI node's token. */
async function foundPractice(practice: Practice): Promise<void> {
  const em = practice.database.em.fork();
  const [row]: { id: string }[] = await em.execute("select id from practice");
  if (row && row.id !== practice.info.id)
    throw new Error("the database belongs to another practice than the data folder");
  const tokenFile = join(practice.config.JAMEMR_DATA, "ai-node", "token");
  if (!row) {
    await practice.ledger.transact(async (tx) => {
      const { id, name, zone, trial } = practice.info;
      const at = instantNow();
      // A trial practice is open from the beginning, a real one when its officers have accepted.
      await tx.em.execute(
        "insert into practice(id, name, zone, trial, created_at, opened_at) values (?, ?, ?, ?, ?, ?)",
        [id, name, zone, trial, at, trial ? at : null],
      );
      await tx.em.execute("insert into sync_epoch(epoch, started_at) values (?, now())", [newId()]);
      tx.audit({
        actor: { type: "system", id: "practice" },
        action: "practice.created",
        outcome: "ok",
        resource: { type: "practice", id },
      });
      if (trial) await fillTrialPractice(practice, tx);
    });
  }
  if (practice.info.trial && !(await readIfPresent(tokenFile))) {
    const { result } = await practice.ledger.transact((tx) =>
      registerToken(practice, tx, {
        purpose: "AI node of the trial practice",
        scopes: ["ai:work"],
        days: 90,
        ownerId: null,
      }),
    );
    await writePrivateFile(tokenFile, `${result.token}\n`);
  }
}
