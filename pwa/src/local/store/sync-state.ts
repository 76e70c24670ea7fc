import * as z from "zod";
import { toBase64Url } from "#domain/kernel/bytes.ts";
import { randomBytes } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { newWrappedKey, openJson, type Sealed, sealJson, unwrapKey } from "../keys/aes.ts";
import type { Keyring } from "../keys/keyring.ts";
import type { CursorRecord, LocalDatabase, StreamRecord } from "./database.ts";

/** Where this person's device stands in the clinic's log. */
const cursorSchema = z.strictObject({
  epoch: idSchema.nullable(),
  cursor: z.int(),
  scopeHash: z.string().nullable(),
  /** Chart streams the person opened. */
  want: z.array(z.string()),
  /** Chart streams that were put away for lack of room, and how many sealed bytes they were. */
  putAway: z.array(z.string()).default([]),
  bytesPutAway: z.number().default(0),
});
export type CursorState = z.infer<typeof cursorSchema>;

export const firstCursor: CursorState = {
  epoch: null,
  cursor: 0,
  scopeHash: null,
  want: [],
  putAway: [],
  bytesPutAway: 0,
};

/** The bytes of what stays put away, when only these do: each chart counts as much as another. */
export const bytesStillAway = (
  { putAway, bytesPutAway }: Pick<CursorState, "putAway" | "bytesPutAway">,
  still: readonly string[],
): number => (still.length === 0 ? 0 : (bytesPutAway * still.length) / putAway.length);

/** A stream the device holds, with its key. */
export interface HeldStream {
  readonly kid: string;
  readonly stream: string;
  readonly generation: number;
  /** Last row id stored while joining; null once complete. */
  readonly after: string | null;
  readonly complete: boolean;
  /** @throws {LocalError} damaged */
  readonly key: () => Promise<CryptoKey>;
  readonly wrapped: Sealed;
}

const metaSchema = z.strictObject({
  stream: z.string(),
  generation: z.int(),
  after: idSchema.nullable(),
  complete: z.boolean(),
});

const cursorContext = (user: string) => `cursors|${user}|1`;
const metaContext = (kid: string, user: string) => `streams|${kid}|${user}|1`;
const keyContext = (kid: string, user: string) => `stream-key|${kid}|${user}|1`;

export async function newStream(keyring: Keyring, stream: string, generation: number): Promise<HeldStream> {
  const kid = toBase64Url(randomBytes(16));
  const { key, wrapped } = await newWrappedKey(keyring.root, keyContext(kid, keyring.userId));
  return { kid, stream, generation, after: null, complete: false, key: async () => key, wrapped };
}

export async function sealStream(keyring: Keyring, held: HeldStream): Promise<StreamRecord> {
  const { kid, stream, generation, after, complete, wrapped } = held;
  const user = keyring.userId;
  const meta = await sealJson(keyring.root, { stream, generation, after, complete }, metaContext(kid, user));
  return { kid, user, key: wrapped, ...meta };
}

export async function openStream(keyring: Keyring, record: StreamRecord): Promise<HeldStream> {
  const { kid, user } = record;
  const meta = metaSchema.parse(await openJson(keyring.root, record, metaContext(kid, user)));
  let unwrapped: Promise<CryptoKey> | null = null;
  // When it is first needed: the first list after an unlock waits for none of a hundred charts.
  const key = () => (unwrapped ??= unwrapKey(keyring.root, record.key, keyContext(kid, user)));
  // One that goes on arriving has to be known to be damaged before its next rows come.
  if (!meta.complete) await key();
  return { kid, ...meta, key, wrapped: record.key };
}

export async function sealCursor(keyring: Keyring, state: CursorState): Promise<CursorRecord> {
  return { user: keyring.userId, ...(await sealJson(keyring.root, state, cursorContext(keyring.userId))) };
}

/**
 * Reads the position and every stream key. A first start gives the empty state. What does not open was damaged on the
 * disk, and is a copy of what the clinic has: a stream is left out, so that it is fetched anew, and without a position
 * everything is. `lost` are the key ids of what has to go from the disk.
 */
export async function loadSyncState(
  database: LocalDatabase,
  keyring: Keyring,
): Promise<{ cursor: CursorState; streams: HeldStream[]; lost: string[] }> {
  const [cursor, streams] = await Promise.all([
    database.cursors.get(keyring.userId),
    database.streams.where("user").equals(keyring.userId).toArray(),
  ]);
  const position = cursor
    ? await openJson(keyring.root, cursor, cursorContext(keyring.userId))
        .then((state) => cursorSchema.parse(state))
        .catch(() => null)
    : firstCursor;
  if (!position) return { cursor: firstCursor, streams: [], lost: streams.map(({ kid }) => kid) };
  const opened = await Promise.all(streams.map((record) => openStream(keyring, record).catch(() => null)));
  return {
    cursor: position,
    streams: opened.filter((stream) => stream !== null),
    lost: streams.filter((_, i) => !opened[i]).map(({ kid }) => kid),
  };
}
