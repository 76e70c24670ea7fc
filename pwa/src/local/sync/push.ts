import {
  type GivenBack,
  MAX_PUSH,
  type MutationResult,
  type PushResult,
  pushResultSchema,
} from "#domain/sync/protocol.ts";
import { clientsWithKeys, Outbox, type OutboxEntry } from "../../outbox/outbox.ts";
import type { Access } from "../../session/access.ts";
import type { Api } from "../../session/api.ts";
import { ApiError } from "../../session/api-error.ts";
import { type DeviceIdentity, deviceProof } from "../keys/device-identity.ts";
import { sealResult, writeResults } from "../store/apply-page.ts";
import type { LocalDatabase, OutboxRecord } from "../store/database.ts";

/** Most characters in one request: at most three bytes each, and the clinic takes 16 MB. */
const MAX_CHARACTERS = 4_000_000;

/** The first entries that fit in one request; at least one. Fifty revisions of a long note are more than that. */
function fitting<T>(entries: readonly T[], sizeOf: (entry: T) => number): readonly T[] {
  let size = 0;
  const end = entries.findIndex((entry, index) => {
    size += sizeOf(entry);
    return index === MAX_PUSH || (index > 0 && size > MAX_CHARACTERS);
  });
  return end < 0 ? entries : entries.slice(0, end);
}

/** The next entries to send, in the order of their numbers. */
export const nextBatch = (entries: readonly OutboxEntry[]): readonly OutboxEntry[] =>
  fitting(
    entries.filter(({ result }) => !result),
    ({ mutation }) => JSON.stringify(mutation).length,
  );

export const pushBatch = (
  access: Access,
  body: {
    readonly epoch: string | null;
    readonly clientId: string;
    readonly mutations: readonly OutboxEntry["mutation"][];
    readonly givenBack?: GivenBack;
  },
  signal: AbortSignal,
): Promise<PushResult> =>
  access.request("/api/sync/push", { method: "POST", body, answer: pushResultSchema, signal });

/** Where a device may speak for itself. */
export interface DeviceContext {
  readonly api: Api;
  readonly database: LocalDatabase;
  readonly device: Pick<DeviceIdentity, "id" | "signing">;
  readonly origin: string;
  /** Seconds this clock is ahead of the clinic's, as last seen. */
  readonly skew: number;
}

/**
 * Delivers sealed entries in the device's own name while nobody can open them: locked, signed out, expired, ended.
 * Entries of several people go in batches of one client each; a refusal of one person's work holds up nobody else's.
 * @returns how many answers came
 * @throws {LocalError} offline · {ApiError} refused, when no answer came at all
 */
export async function deliver(
  context: DeviceContext,
  waiting: readonly OutboxRecord[],
  onAnswers: (clientId: string, results: readonly MutationResult[]) => Promise<void>,
): Promise<number> {
  let answers = 0;
  let refusal: unknown;
  for (const [clientId, entries] of Map.groupBy(waiting, (entry) => entry.clientId))
    try {
      answers += await deliverClient(context, clientId, entries, onAnswers);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusal = error;
    }
  if (answers === 0 && refusal) throw refusal;
  return answers;
}

async function deliverClient(
  context: DeviceContext,
  clientId: string,
  entries: readonly OutboxRecord[],
  onAnswers: (clientId: string, results: readonly MutationResult[]) => Promise<void>,
): Promise<number> {
  const path = "/api/sync/deliver";
  const proof = await deviceProof(context.device, {
    practiceId: entries[0]?.practice ?? "",
    method: "POST",
    url: `${context.origin}${path}`,
    skew: context.skew,
  });
  const batch = fitting(entries, ({ envelope }) => JSON.stringify(envelope).length);
  const keysGone = !(await clientsWithKeys(context.database)).has(clientId);
  const { results } = await context.api.request(path, {
    method: "POST",
    body: {
      envelopes: batch.map(({ envelope }) => envelope),
      ...(keysGone && { keysGone }),
      ...(batch.some(({ again }) => again) && {
        givenBack: await (await import("../store/give-back.ts")).givenBackByDevice(
          context.database,
          clientId,
          batch,
        ),
      }),
    },
    authorization: `Device ${proof}`,
    answer: pushResultSchema,
  });
  await writeResults(
    context.database,
    await Promise.all(results.map((result) => sealResult(null, clientId, result))),
  );
  await onAnswers(clientId, results);
  // Whatever became of it, nobody here is shown it any more.
  if (keysGone) await putAway(context.database, clientId, results);
  // What is held gets no other answer by being sent again at once.
  return results.filter(({ status }) => status !== "held").length;
}

async function putAway(
  database: LocalDatabase,
  clientId: string,
  results: readonly MutationResult[],
): Promise<void> {
  const outbox = new Outbox(database);
  for (const { n } of results) await outbox.dismiss(clientId, n, false);
}
