import { createHash } from "node:crypto";
import { BackupError } from "./backup-error.ts";

/** One thing in a backup: a table's rows, a sequence's state, or a file. */
export interface Entry {
  readonly type: "table" | "file";
  /** `schema.table`, or a path inside the data folder. */
  readonly name: string;
  /** Of a table: the columns of its rows, in their order. */
  readonly columns?: readonly string[];
}

export interface EntryWithBytes {
  readonly entry: Entry;
  readonly bytes: AsyncIterable<Uint8Array>;
}

const START = 1;
const BYTES = 2;
const END = 3;

const frame = (kind: number, payload: Uint8Array): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length);
  head.writeUInt8(kind, 4);
  return Buffer.concat([head, payload]);
};

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

interface Total {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes entries one after the other; the last frame lists them all with their sizes and digests. */
export async function* writeFrames(entries: AsyncIterable<EntryWithBytes>): AsyncGenerator<Buffer> {
  const totals: Total[] = [];
  for await (const { entry, bytes } of entries) {
    yield frame(START, json(entry));
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of bytes) {
      if (chunk.length === 0) continue;
      hash.update(chunk);
      size += chunk.length;
      yield frame(BYTES, chunk);
    }
    totals.push({ name: entry.name, bytes: size, sha256: hash.digest("hex") });
  }
  yield frame(END, json(totals));
}

async function* readFrame(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ kind: number; payload: Buffer }> {
  let waiting: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    waiting = waiting.length === 0 ? Buffer.from(chunk) : Buffer.concat([waiting, chunk]);
    while (waiting.length >= 5) {
      const end = 5 + waiting.readUInt32BE();
      if (waiting.length < end) break;
      yield { kind: waiting.readUInt8(4), payload: waiting.subarray(5, end) };
      waiting = waiting.subarray(end);
    }
  }
  if (waiting.length > 0) throw new BackupError("backup_incomplete");
}

/**
 * Reads what {@link writeFrames} wrote. `take` reads an entry's bytes to their end, or not at all: they are compared with
 * the list all the same.
 * @throws {BackupError} backup_incomplete
 */
export async function readFrames(
  bytes: AsyncIterable<Uint8Array>,
  take: (entry: EntryWithBytes) => Promise<void>,
): Promise<readonly Total[]> {
  const frames = readFrame(bytes);
  const totals: Total[] = [];
  let next = await frames.next();
  while (!next.done && next.value.kind === START) {
    const entry = JSON.parse(next.value.payload.toString()) as Entry;
    const hash = createHash("sha256");
    let size = 0;
    const body = async function* (): AsyncGenerator<Buffer> {
      for (next = await frames.next(); !next.done && next.value.kind === BYTES; next = await frames.next()) {
        hash.update(next.value.payload);
        size += next.value.payload.length;
        yield next.value.payload;
      }
    };
    const whole = body();
    await take({ entry, bytes: { [Symbol.asyncIterator]: () => whole } });
    for await (const _ of whole); // what nobody took
    totals.push({ name: entry.name, bytes: size, sha256: hash.digest("hex") });
  }
  if (next.done || next.value.kind !== END) throw new BackupError("backup_incomplete");
  if (next.value.payload.toString() !== JSON.stringify(totals)) throw new BackupError("backup_incomplete");
  return totals;
}
