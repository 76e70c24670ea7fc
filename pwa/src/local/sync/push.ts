import { MAX_PUSH, type MutationResult, type PushResult, pushResultSchema } from "#domain/sync/protocol.ts";
import type { OutboxEntry } from "../../outbox/outbox.ts";
import type { Access } from "../../session/access.ts";
import type { Api } from "../../session/api.ts";
import { type DeviceIdentity, deviceProof } from "../keys/device-identity.ts";
import { sealResult, writeResults } from "../store/apply-page.ts";
import type { LocalDatabase, OutboxRecord } from "../store/database.ts";

/** The next entries to send, in the order of their numbers. */
export const nextBatch = (entries: readonly OutboxEntry[]): readonly OutboxEntry[] =>
  entries.filter(({ result }) => !result).slice(0, MAX_PUSH);

export const pushBatch = (
  access: Access,
  body: {
    readonly epoch: string | null;
    readonly clientId: string;
    readonly mutations: readonly OutboxEntry["mutation"][];
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
}

/**
 * Delivers sealed entries in the device's own name while nobody can open them: locked, signed out, expired, ended.
 * Entries of several people go in batches of one client each.
 * @returns how many answers came
 * @throws {LocalError} offline · {ApiError} refused
 */
export async function deliver(
  context: DeviceContext,
  waiting: readonly OutboxRecord[],
  onAnswers: (clientId: string, results: readonly MutationResult[]) => Promise<void>,
): Promise<number> {
  let answers = 0;
  for (const [clientId, entries] of Map.groupBy(waiting, (entry) => entry.clientId)) {
    const path = "/api/sync/deliver";
    const proof = await deviceProof(context.device, {
      practiceId: entries[0]?.practice ?? "",
      method: "POST",
      url: `${context.origin}${path}`,
    });
    const { results } = await context.api.request(path, {
      method: "POST",
      body: { envelopes: entries.slice(0, MAX_PUSH).map(({ envelope }) => envelope) },
      authorization: `Device ${proof}`,
      answer: pushResultSchema,
    });
    await writeResults(
      context.database,
      await Promise.all(results.map((result) => sealResult(null, clientId, result))),
    );
    await onAnswers(clientId, results);
    answers += results.length;
  }
  return answers;
}
