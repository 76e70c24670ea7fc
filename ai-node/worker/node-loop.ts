import {
  type AiJob,
  JOB_HEARTBEAT_MILLISECONDS,
  type JobCompletion,
  type JobFailure,
  type NodeHeartbeat,
} from "#domain/ai/job.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { every, monotonic, sleep } from "#domain/kernel/clock.ts";
import type { SpeechPool } from "../speech/speech-pool.ts";
import { createBackoff } from "./backoff.ts";
import type { HistoryWitness } from "./history-witness.ts";
import { processJob } from "./process-job.ts";
import { type ServerClient, ServerRefusal } from "./server-client.ts";

/** What happens, for the log. Ids, codes and counts only: nothing that was said. */
export type NodeEvent = (
  level: "info" | "warn" | "error",
  event: string,
  facts?: Record<string, unknown>,
) => void;

export interface NodeLoopOptions {
  readonly client: ServerClient;
  readonly identity: () => NodeHeartbeat;
  /** A working pool; makes a new one when the last broke. */
  readonly pool: () => Promise<SpeechPool>;
  /** Judges the practice's audit log: no work is taken from one whose history is not what it was. */
  readonly witness: Pick<HistoryWitness, "look">;
  readonly onEvent: NodeEvent;
  /** Stops claiming and abandons the job in hand. */
  readonly signal: AbortSignal;
  /** How long a claim waits for work, in seconds. */
  readonly waitSeconds?: number;
  /** Time between signs of life in milliseconds. */
  readonly heartbeatMilliseconds?: number;
}

/** At most this often is progress told, in milliseconds. */
const PROGRESS_INTERVAL = 1_000;

const lostJob = (error: unknown): boolean =>
  error instanceof ServerRefusal && [401, 403, 404, 409, 410].includes(error.status);

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 300);

/** Ends as soon as any of the signals does. */
function failureOf(error: unknown): JobFailure {
  if (error instanceof DomainError) return { code: error.code, message: reasonOf(error) };
  // Messages of unexpected errors stay in this node's log: nobody can say what they hold.
  return { code: "node_error", message: error instanceof Error ? error.name : "unknown" };
}

/** Sends signs of life while a job is held; calls `lost` when the server gave the job to somebody else. */
function keepHold(job: AiJob, options: NodeLoopOptions, lost: () => void): () => void {
  const period = options.heartbeatMilliseconds ?? JOB_HEARTBEAT_MILLISECONDS;
  return every(period, async () => {
    try {
      await options.client.heartbeat(job.id, options.signal);
    } catch (error) {
      if (lostJob(error)) lost();
      else options.onEvent("warn", "heartbeat_failed", { job: job.id, reason: reasonOf(error) });
    }
  });
}

/** A result is worth some patience: it is sent again until the server takes or refuses it. */
async function deliver(
  options: NodeLoopOptions,
  signal: AbortSignal,
  send: () => Promise<void>,
): Promise<void> {
  const backoff = createBackoff();
  while (!signal.aborted) {
    try {
      return await send();
    } catch (error) {
      if (error instanceof ServerRefusal) throw error;
      options.onEvent("warn", "delivery_failed", { reason: reasonOf(error) });
      await backoff.wait(signal);
    }
  }
}

/** Tells progress without ever holding the work up. */
function progressTeller(job: AiJob, { client, signal }: NodeLoopOptions) {
  let last = Number.NEGATIVE_INFINITY;
  let stage = "";
  return (progress: Parameters<ServerClient["progress"]>[1]) => {
    if (progress.stage === stage && monotonic() - last < PROGRESS_INTERVAL) return;
    last = monotonic();
    stage = progress.stage;
    client.progress(job.id, progress, signal).catch(() => {});
  };
}

async function work(job: AiJob, options: NodeLoopOptions): Promise<void> {
  const { client, onEvent } = options;
  const held = new AbortController();
  const signal = AbortSignal.any([options.signal, held.signal]);
  const stopHeartbeat = keepHold(job, options, () => held.abort(new Error("job_not_held")));
  try {
    const result: JobCompletion = await processJob(job, {
      pool: await options.pool(),
      fetchPart: (part) => client.audio(job.id, part, signal),
      onProgress: progressTeller(job, options),
      signal,
    });
    await deliver(options, signal, () => client.complete(job.id, result, signal));
    const { audioSeconds, wallSeconds, segments } = result.transcript;
    onEvent("info", "job_completed", { job: job.id, audioSeconds, wallSeconds, segments: segments.length });
  } catch (error) {
    if (signal.aborted || lostJob(error)) {
      onEvent("warn", "job_abandoned", { job: job.id, reason: reasonOf(signal.reason ?? error) });
      return;
    }
    const failure = failureOf(error);
    onEvent("error", "job_failed", { job: job.id, code: failure.code, reason: reasonOf(error) });
    await deliver(options, signal, () => client.fail(job.id, failure, signal)).catch(() => {});
  } finally {
    stopHeartbeat();
  }
}

/** Says that the node lives, at once and then regularly. */
function announceRegularly(options: NodeLoopOptions): () => void {
  const { client, identity, onEvent, signal } = options;
  let reached: boolean | undefined;
  const announce = async () => {
    try {
      await client.announce(identity(), signal);
      if (reached !== true) onEvent("info", "node_announced");
      reached = true;
    } catch (error) {
      if (signal.aborted) return;
      if (reached !== false) onEvent("warn", "server_not_reached", { reason: reasonOf(error) });
      reached = false;
    }
  };
  void announce();
  return every(options.heartbeatMilliseconds ?? JOB_HEARTBEAT_MILLISECONDS, announce);
}

/**
 * Claims and does jobs, one at a time, until the signal aborts. Survives a server that restarts, refuses or answers
 * nonsense, by waiting longer each time. Never rejects.
 */
export async function runNode(options: NodeLoopOptions): Promise<void> {
  const { client, identity, witness, onEvent, signal, waitSeconds = 20 } = options;
  const stopAnnouncing = announceRegularly(options);
  const backoff = createBackoff();
  while (!signal.aborted) {
    try {
      const fault = await witness.look(signal);
      if (fault) {
        onEvent("error", "history_refused", { fault });
        await backoff.wait(signal);
        continue;
      }
      const job = await client.claim(
        { nodeId: identity().nodeId, kinds: ["transcribe"], waitSeconds },
        signal,
      );
      backoff.reset();
      if (!job) {
        // A server that does not wait must not be asked without pause.
        if (waitSeconds === 0) await sleep(250, signal);
        continue;
      }
      onEvent("info", "job_claimed", { job: job.id, attempt: job.attempt, parts: job.parts.length });
      await work(job, options);
    } catch (error) {
      if (signal.aborted) break;
      onEvent("warn", "claim_failed", { reason: reasonOf(error) });
      await backoff.wait(signal);
    }
  }
  stopAnnouncing();
}
