import * as z from "zod";
import { roles } from "../access/roles.ts";
import { digest } from "../kernel/canonical.ts";
import { idSchema } from "../kernel/id.ts";
import { zoneSchema } from "../kernel/instant.ts";

/** Most mutations in one push; they share one transaction and one seal. */
export const MAX_PUSH = 50;
/** Most bytes of one request to push or deliver: 50 mutations with a whole note in each. */
export const MAX_PUSH_BYTES = 16 * 1024 * 1024;
/** Most rows in one page of a pull. */
export const MAX_PAGE = 2000;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** One thing a person did, as it is pushed. `hash` is SHA-256 of the RFC 8785 text of all other members. */
export const mutationSchema = z.strictObject({
  /** 1, 2, 3 … per client, without gaps. */
  n: z.int().min(1),
  id: idSchema,
  /** Collection and verb, such as `appointment.check-in`; whether the server knows it is another question. */
  name: z
    .string()
    .regex(/^[a-z][a-z-]*\.[A-Za-z][A-Za-z-]*$/, "must be <collection>.<verb>")
    .max(80),
  v: z.int().min(1).max(999),
  args: z.looseObject({ id: idSchema }),
  /** Version of the row the person was looking at; null when it was new. */
  base: z.int().min(0).nullable(),
  at: z.string().max(40),
  tz: zoneSchema,
  actor: idSchema,
  role: z.enum(roles),
  hash: sha256Schema,
});
export type PushedMutation = z.infer<typeof mutationSchema>;

export const mutationHash = ({
  hash: _,
  ...rest
}: Omit<PushedMutation, "hash"> & { hash?: string }): string => digest(rest);

/** What a device says of its queue after the clinic was restored from a backup that is older than what it had sent. */
export const givenBackSchema = z.strictObject({
  /** Of the numbers it still holds, the lowest: what came before is gone from it, too. */
  from: z.int().min(1),
  /** The highest number that was written before the restore; 0 when there is none. */
  through: z.int().min(0),
  /** Numbers that the clinic had refused, and about which their author has decided since. */
  decided: z.array(z.int().min(1)).max(MAX_PUSH),
  /** Numbers to which the clinic had preferred other work that was there first; that may still be given back. */
  yields: z.array(z.int().min(1)).max(MAX_PUSH).optional(),
});
export type GivenBack = z.infer<typeof givenBackSchema>;

export const pushSchema = z.strictObject({
  epoch: idSchema.nullable(),
  clientId: idSchema,
  mutations: z.array(mutationSchema).max(MAX_PUSH),
  givenBack: givenBackSchema.optional(),
});

export const mutationStatuses = ["applied", "conflict", "rejected", "quarantined", "held"] as const;
export const mutationResultSchema = z.object({
  n: z.int(),
  status: z.enum(mutationStatuses),
  code: z.string().optional(),
  detail: z.unknown().optional(),
  /** The commit the effect is in: an outbox entry may go once the client's cursor has reached it. */
  seq: z.int().optional(),
  /** With a pull: of which mutation. A copied profile has others under the same numbers. */
  hash: sha256Schema.optional(),
});
export type MutationResult = z.infer<typeof mutationResultSchema>;

export const pushResultSchema = z.object({
  epoch: idSchema,
  lastN: z.int(),
  results: z.array(mutationResultSchema),
  /** The mutation that could not be judged yet, with why: it and what follows stay in the client's queue. */
  waits: z.object({ n: z.int(), code: z.string() }).optional(),
  /** The newest signed head of the audit log, a C2SP signed note; null before the first one. */
  checkpoint: z.string().nullable(),
});
export type PushResult = z.infer<typeof pushResultSchema>;

/** What two copies of a stream are compared by; see {@link streamDigest}. */
export const digestSchema = z.strictObject({
  count: z.int().min(0),
  xor: z.string().regex(/^[0-9a-f]{16}$/),
});
export type StreamDigest = z.infer<typeof digestSchema>;

export const pullSchema = z.strictObject({
  epoch: idSchema.nullable(),
  clientId: idSchema,
  /** Highest commit of which everything in scope is stored; 0 at first. */
  cursor: z.int().min(0),
  /** `scope.hash` of the answer before. Not looked at, because `held` says it for each stream; it need not be sent. */
  scopeHash: sha256Schema.nullable().default(null),
  /** [stream, generation, after]: what the client holds; `after` is the last row id stored while joining, null when complete. */
  held: z.array(z.tuple([z.string().max(80), z.int().min(1), idSchema.nullable()])).max(2000),
  /** Chart streams the person opened: `chart:` and the patient's id. */
  want: z.array(z.string().max(80)).max(200),
  /** Chart streams that the client put away for lack of room: they leave it, and come back when they are not named any more. */
  putAway: z.array(z.string().max(80)).max(2000).default([]),
  limit: z.int().min(1).max(MAX_PAGE).default(1000),
  /** Asks for the digests of all complete streams with the last page. */
  verify: z.boolean().default(false),
  /** Streams whose copy was not what a digest said: they were dropped, and are sent anew. */
  mismatches: z
    .array(
      z.strictObject({
        stream: z.string().max(80),
        generation: z.int().min(1),
        held: digestSchema,
        expected: digestSchema,
      }),
    )
    .max(200)
    .default([]),
});
export type Mismatch = z.infer<typeof pullSchema>["mismatches"][number];
export type PullRequest = z.infer<typeof pullSchema>;

export const pulledRowSchema = z.object({
  stream: z.string(),
  generation: z.int(),
  collection: z.string(),
  id: idSchema,
  seq: z.int(),
  op: z.enum(["put", "rm"]),
  version: z.int().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
export type PulledRow = z.infer<typeof pulledRowSchema>;

/** That the clinic works with records that were brought back from a backup. Told for seven days. */
export const restoredSchema = z.object({
  /** When the backup was made. */
  backupAt: z.string().nullable(),
  /** When it was brought back. */
  at: z.string(),
});
export type Restored = z.infer<typeof restoredSchema>;

/** How much of a client's work a clinic knows that went back to a backup. */
export const knownClientSchema = z.object({
  lastN: z.int(),
  /** Hash of that mutation; absent before the first. A copied profile may have given back another one under the number. */
  lastHash: sha256Schema.nullish(),
});
export type KnownClient = z.infer<typeof knownClientSchema>;
/** The same of every client of a device that asks for itself; of none where nothing was restored. */
export const knownClientsSchema = z.object({
  clients: z.array(knownClientSchema.extend({ clientId: idSchema })),
});
export type KnownClients = z.infer<typeof knownClientsSchema>["clients"];

export const streamStates = ["joining", "ready"] as const;
export const pullResultSchema = z.object({
  epoch: idSchema,
  head: z.int(),
  cursor: z.int(),
  more: z.boolean(),
  ...knownClientSchema.shape,
  results: z.array(mutationResultSchema),
  scope: z.object({
    /** SHA-256 of the RFC 8785 text of the sorted list of stream names. */
    hash: sha256Schema,
    /** [stream, generation, state]; a (stream, generation) that is not listed must be purged. */
    streams: z.array(z.tuple([z.string(), z.int(), z.enum(streamStates)])),
    /** Charts that this person may see and that are too many for a device: opened, one takes the place of the oldest. */
    left: z.int().optional(),
    /** Compact JWS over {hash, streams, clientId} by the server's signing key. */
    signature: z.string(),
  }),
  rows: z.array(pulledRowSchema),
  /** By stream, of the last page alone: what a device holds then is what the server has. */
  digests: z.record(z.string(), digestSchema),
  restored: restoredSchema.optional(),
  /** As with a push: the client believes what it is given when this head follows those it has seen. */
  checkpoint: z.string().nullable(),
});
export type PullResult = z.infer<typeof pullResultSchema>;

/** SHA-256 over the sorted stream names: what the server signs, and by which a client sees that the scope changed. */
export const scopeHash = (streams: readonly string[]): string => digest([...streams].sort());

/** XOR of the first 8 bytes of SHA-256(`id:version`) over a stream's rows: order does not matter. */
export function streamDigest(
  rows: Iterable<{ id: string; version: number }>,
  hash: (text: string) => string,
): StreamDigest {
  let xor = 0n;
  let count = 0;
  for (const row of rows) {
    xor ^= BigInt(`0x${hash(`${row.id}:${row.version}`).slice(0, 16)}`);
    count++;
  }
  return { count, xor: xor.toString(16).padStart(16, "0") };
}

/** What the server tells an open tablet: where something changed, never what. */
export const liveEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("change"),
    stream: z.string(),
    /** The commit: a device whose cursor has reached it need not ask. */
    head: z.int().optional(),
  }),
  z.object({ type: z.literal("scope") }),
  /** What waits for this person's review is not what it was. */
  z.object({ type: z.literal("review") }),
  z.object({ type: z.literal("reauth") }),
  z.object({ type: z.literal("wipe") }),
]);
export type LiveEvent = z.infer<typeof liveEventSchema>;
