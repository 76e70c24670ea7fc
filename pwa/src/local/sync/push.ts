import { utf8 } from "#domain/kernel/bytes.ts";
import { MOST_SEALED, TOO_LARGE } from "#domain/sync/envelope.ts";
import {
  type GivenBack,
  MAX_PUSH,
  MAX_PUSH_BYTES,
  type MutationResult,
  mutationHash,
  type PushedMutation,
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

/** What a request holds beside its changes, in bytes: who pushes, and what is given back. */
const AROUND = 8192;

/**
 * A change as it is sent. What no request holds, of a release that did not measure, goes without its words: the clinic
 * refuses it by its number, what is behind it goes on, and the words stay here for their author.
 */
function asSent(mutation: PushedMutation): PushedMutation {
  const most = Math.max(MAX_PUSH_BYTES - AROUND, MAX_PUSH_BYTES / 2);
  const text = JSON.stringify(mutation);
  if (text.length * 3 <= most || utf8(text).length <= most) return mutation;
  const { hash: _, ...rest } = {
    ...mutation,
    name: TOO_LARGE,
    v: 1,
    args: { id: mutation.args.id },
    base: null,
  };
  return { ...rest, hash: mutationHash(rest) };
}

/** The next entries to send, in the order of their numbers. */
export const nextBatch = (entries: readonly OutboxEntry[]): readonly OutboxEntry[] =>
  fitting(
    entries.filter(({ result }) => !result),
    ({ mutation }) => JSON.stringify(asSent(mutation)).length,
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
  access.request("/api/sync/push", {
    method: "POST",
    body: { ...body, mutations: body.mutations.map(asSent) },
    answer: pushResultSchema,
    signal,
  });

/** Where a device may speak for itself. */
export interface DeviceContext {
  readonly api: Api;
  readonly database: LocalDatabase;
  readonly device: Pick<DeviceIdentity, "id" | "signing">;
  readonly origin: string;
  /** Seconds this clock is ahead of the clinic's, as last seen. */
  readonly skew: number;
}

/** What becomes known while a device delivers. */
export interface DeliveryEvents {
  readonly onAnswers: (clientId: string, results: readonly MutationResult[]) => Promise<void>;
  /**
   * The clinic knows less of a client than it had acknowledged: it went back to a backup. Puts what it missed back in line
   * and says whether there was anything.
   */
  readonly onBehind: (known: { readonly clientId: string; readonly lastN: number }) => Promise<boolean>;
}

/**
 * Delivers sealed entries in the device's own name while nobody can open them: locked, signed out, expired, ended.
 * Entries of several people go in batches of one client each; a refusal of one person's work holds up nobody else's.
 * @returns how many answers came, or entries were put back in line
 * @throws {LocalError} offline · {ApiError} refused, when no answer came at all
 */
export async function deliver(
  context: DeviceContext,
  waiting: readonly OutboxRecord[],
  events: DeliveryEvents,
): Promise<number> {
  let answers = 0;
  let refusal: unknown;
  for (const [clientId, entries] of Map.groupBy(waiting, (entry) => entry.clientId))
    try {
      answers += await deliverClient(context, clientId, entries, events);
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
  { onAnswers, onBehind }: DeliveryEvents,
): Promise<number> {
  // What no delivery holds waits for its author, who sends it in another way (`asSent`); what came before it does not.
  const end = entries.findIndex(({ envelope }) => envelope.ct.length > MOST_SEALED);
  const held = end < 0 ? entries : entries.slice(0, end);
  if (held.length === 0) return 0;
  const path = "/api/sync/deliver";
  const proof = await deviceProof(context.device, {
    practiceId: entries[0]?.practice ?? "",
    method: "POST",
    url: `${context.origin}${path}`,
    skew: context.skew,
  });
  const batch = fitting(held, ({ envelope }) => JSON.stringify(envelope).length);
  const keysGone = !(await clientsWithKeys(context.database)).has(clientId);
  const { results, lastN, waits } = await context.api.request(path, {
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
  if (!waits && results.length === 0 && lastN < (batch[0]?.n ?? 0) - 1)
    return (await onBehind({ clientId, lastN })) ? 1 : 0;
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
