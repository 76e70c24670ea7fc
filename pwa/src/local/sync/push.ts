import { MAX_PUSH, type PushResult, pushResultSchema } from "#domain/sync/protocol.ts";
import type { Outbox, OutboxEntry } from "../../outbox/outbox.ts";
import type { Access } from "../../session/access.ts";
import type { Api } from "../../session/api.ts";
import { type DeviceIdentity, deviceProof } from "../keys/device-identity.ts";
import { sealResult, writeResults } from "../store/apply-page.ts";
import type { LocalDatabase } from "../store/database.ts";

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
  readonly outbox: Outbox;
  readonly device: Pick<DeviceIdentity, "id" | "signing">;
  readonly origin: string;
}

/**
 * Delivers sealed entries in the device's own name while nobody can open them: locked, signed out, expired, ended.
 * Entries of several people go in batches of one client each.
 * @returns how many answers came
 * @throws {LocalError} offline · {ApiError} refused
 */
export async function deliver(context: DeviceContext): Promise<number> {
  let answers = 0;
  for (const [clientId, waiting] of await context.outbox.undelivered()) {
    const practiceId = waiting[0]?.practice;
    if (!practiceId) continue;
    const path = "/api/sync/deliver";
    const proof = await deviceProof(context.device, {
      practiceId,
      method: "POST",
      url: `${context.origin}${path}`,
    });
    const { results } = await context.api.request(path, {
      method: "POST",
      body: { envelopes: waiting.slice(0, MAX_PUSH).map(({ envelope }) => envelope) },
      authorization: `Device ${proof}`,
      answer: pushResultSchema,
    });
    await writeResults(
      context.database,
      await Promise.all(results.map((result) => sealResult(null, clientId, result))),
    );
    answers += results.length;
  }
  return answers;
}
