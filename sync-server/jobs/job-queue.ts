import { CompiledQuery } from "kysely";
import { type ConnectionOptions, type JobWithMetadata, PgBoss } from "pg-boss";
import type { Logger } from "pino";
import type { JobKind } from "#domain/ai/job.ts";
import type { EntityManager } from "#server/database/database.ts";

/** Tries after the first before a job is a visible failure. */
const RETRIES = 2;
/** Without a heartbeat for this long a job goes back to the queue, in seconds. Nodes send at least every 10 s. */
export const HEARTBEAT_SECONDS = 20;

export interface JobPayload {
  readonly kind: JobKind;
  readonly recordingId: string;
}

export interface ClaimedJob extends JobPayload {
  readonly id: string;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** AI work, in PostgreSQL beside the records it is about. */
export interface JobQueue {
  /** Adds a job in the caller's transaction: it exists exactly when the recording is stored. */
  enqueue(em: EntityManager, payload: JobPayload): Promise<void>;
  /** Takes one waiting job, or null. */
  claim(kinds: readonly JobKind[]): Promise<ClaimedJob | null>;
  /** Keeps a claimed job; false when it is no longer active. */
  touch(id: string): Promise<boolean>;
  complete(id: string): Promise<void>;
  /** Gives a job back for another try; `last` says that no try is left. */
  fail(id: string, reason: { code: string; message: string }): Promise<{ last: boolean }>;
  /** The job as it stands, whoever works on it. */
  find(id: string): Promise<(ClaimedJob & { active: boolean }) | null>;
  /** The recordings that have a job which is not done, as the caller's transaction sees it. */
  unfinished(em: EntityManager): Promise<ReadonlySet<string>>;
  /** Called with jobs that ran out of tries without their node saying so. */
  onAbandoned(listener: (job: JobPayload) => Promise<void>): Promise<void>;
  depth(): Promise<{ waiting: number; active: number; failed: number }>;
  close(): Promise<void>;
}

const QUEUE = "ai";
const ABANDONED = "ai-abandoned";

/** pg-boss's view of the ORM's running transaction. */
const within = (em: EntityManager): NonNullable<ConnectionOptions["db"]> => ({
  async executeSql(text: string, values: unknown[] = []) {
    const transaction = em.getTransactionContext<{
      executeQuery(query: CompiledQuery): Promise<{ rows: unknown[] }>;
    }>();
    if (!transaction) throw new Error("jobs are enqueued inside a transaction");
    const { rows } = await transaction.executeQuery(CompiledQuery.raw(text, values));
    return { rows };
  },
});

export interface QueueTimes {
  readonly heartbeatSeconds: number;
  readonly retryDelaySeconds: number;
  readonly monitorSeconds: number;
}
const usual: QueueTimes = { heartbeatSeconds: HEARTBEAT_SECONDS, retryDelaySeconds: 2, monitorSeconds: 10 };

/** @param appUrl login of `jamemr_app`; the schema `pgboss` was made by a migration */
export async function openJobQueue(
  appUrl: string,
  log: Logger,
  times: QueueTimes = usual,
): Promise<JobQueue> {
  const boss = new PgBoss({
    connectionString: appUrl,
    schema: "pgboss",
    createSchema: false,
    max: 4,
    // How often the queue is supervised at all, and how often one queue's heartbeats are looked at.
    superviseIntervalSeconds: times.monitorSeconds,
    monitorIntervalSeconds: times.monitorSeconds,
  });
  boss.on("error", (error) => log.warn({ err: error.message }, "job queue"));
  await boss.start();
  await boss.createQueue(ABANDONED);
  await boss.createQueue(QUEUE, {
    retryLimit: RETRIES,
    retryDelay: times.retryDelaySeconds,
    heartbeatSeconds: times.heartbeatSeconds,
    expireInSeconds: 23 * 3600,
    deadLetter: ABANDONED,
  });
  const describe = (job: JobWithMetadata<JobPayload>) => ({
    id: job.id,
    attempt: job.retryCount + 1,
    ...job.data,
  });
  const load = (id: string) => boss.findJobs<JobPayload>(QUEUE, { id }).then((jobs) => jobs[0] ?? null);

  return {
    async enqueue(em, payload) {
      await boss.send(QUEUE, payload, { db: within(em), singletonKey: payload.recordingId });
    },
    async claim() {
      const [job] = await boss.fetch<JobPayload>(QUEUE, { includeMetadata: true, batchSize: 1 });
      return job ? describe(job) : null;
    },
    async touch(id) {
      const job = await load(id);
      if (job?.state !== "active") return false;
      await boss.touch(QUEUE, id);
      return true;
    },
    async complete(id) {
      await boss.complete(QUEUE, id);
    },
    async fail(id, reason) {
      const job = await load(id);
      await boss.fail(QUEUE, id, reason);
      return { last: job ? job.retryCount >= job.retryLimit : true };
    },
    async find(id) {
      const job = await load(id);
      return job ? { ...describe(job), active: job.state === "active" } : null;
    },
    async unfinished(em) {
      const rows: { id: string }[] = await em.execute(
        "select data->>'recordingId' as id from pgboss.job where name = ? and state < 'completed'",
        [QUEUE],
      );
      return new Set(rows.map(({ id }) => id));
    },
    async onAbandoned(listener) {
      await boss.work<JobPayload>(ABANDONED, { pollingIntervalSeconds: 2 }, async (jobs) => {
        for (const job of jobs) await listener(job.data);
      });
    },
    async depth() {
      const [stats] = await boss.getQueueStats(QUEUE);
      return {
        waiting: stats?.queuedCount ?? 0,
        active: stats?.activeCount ?? 0,
        failed: stats?.failedCount ?? 0,
      };
    },
    close: () => boss.stop({ graceful: false, close: true }),
  };
}
