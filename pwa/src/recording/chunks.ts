import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, toHex } from "#domain/kernel/bytes.ts";
import type { RecordingPart } from "#domain/recording/index.ts";
import type { Bytes } from "../local/keys/aes.ts";
import { type LocalDatabase, withReconnect } from "../local/store/database.ts";
import type { ChunkRecord, LocalPart } from "../local/store/recording-records.ts";
import { openChunk, sealChunk } from "../outbox/server-key.ts";

/** Plain bytes of a chunk, so that its JWE (a third longer) stays within 256 kB. */
export const MAX_CHUNK = 190_000;
export const FIRST_PREV = "0".repeat(64);

/**
 * Writes one part chunk by chunk. Each chunk names the SHA-256 of the one before it, so that a missing or exchanged one
 * is noticed. Holds a key that can only seal, the running hash, and nothing that was said.
 */
export class PartWriter {
  readonly #database: LocalDatabase;
  readonly #key: CryptoKey;
  readonly #recording: string;
  readonly #part: number;
  #hash = sha256.create();
  #prev = FIRST_PREV;
  #chunk = 0;
  #bytes = 0;
  #until = 0;

  constructor(database: LocalDatabase, key: CryptoKey, recording: string, part: number) {
    this.#database = database;
    this.#key = key;
    this.#recording = recording;
    this.#part = part;
  }

  /** Resolves once the slice is on the disk. May be repeated after a failure: nothing was counted then. */
  async write(slice: Bytes, until: number): Promise<void> {
    for (let at = 0; at < slice.length; at += MAX_CHUNK) {
      const plain = slice.subarray(at, at + MAX_CHUNK);
      const header = { rec: this.#recording, part: this.#part, chunk: this.#chunk, prev: this.#prev };
      const hash = this.#hash.clone().update(plain);
      const record: ChunkRecord = {
        recording: this.#recording,
        part: this.#part,
        chunk: this.#chunk,
        jwe: await sealChunk(this.#key, plain, header),
        bytes: plain.length,
        until,
        soFar: toHex(hash.clone().digest()),
      };
      await withReconnect(this.#database, () => this.#database.chunks.put(record));
      this.#hash = hash;
      this.#prev = toHex(sha256(plain));
      this.#chunk++;
      this.#bytes += plain.length;
      this.#until = until;
    }
  }

  /** What `recording.complete` says about the part. */
  done(part: Pick<LocalPart, "mime" | "startOffset">): RecordingPart {
    return {
      part: this.#part,
      mime: part.mime,
      bytes: this.#bytes,
      seconds: round(this.#until),
      startOffset: round(part.startOffset),
      sha256: toHex(this.#hash.clone().digest()),
    };
  }
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;

/** The sealed chunks of a part, in order. */
export const readChunks = (
  database: LocalDatabase,
  recording: string,
  part: number,
): Promise<ChunkRecord[]> =>
  withReconnect(database, () =>
    database.chunks
      .where("[recording+part+chunk]")
      .between([recording, part, 0], [recording, part, Number.MAX_SAFE_INTEGER])
      .toArray(),
  );

export interface OpenedPart {
  readonly plain: Bytes;
  /** How many chunks were good: the chain ends where one is missing, changed, or not the next. */
  readonly chunks: number;
  readonly until: number;
}

/** Opens a part from the start as far as its chain is whole. */
export async function openPart(
  key: CryptoKey,
  recording: string,
  part: number,
  records: readonly ChunkRecord[],
): Promise<OpenedPart> {
  const plain: Uint8Array[] = [];
  let prev = FIRST_PREV;
  let until = 0;
  for (const record of records) {
    const opened = await openChunk(key, record.jwe).catch(() => null);
    const expected = { rec: recording, part, chunk: plain.length, prev };
    const good = Object.entries(expected).every(([name, value]) => opened?.header[name] === value);
    if (!opened || !good) break;
    plain.push(opened.plain);
    prev = toHex(sha256(opened.plain));
    until = record.until;
  }
  return { plain: concatBytes(...plain), chunks: plain.length, until };
}

/** What an interrupted part amounts to, from what lies on the disk. */
export async function recoverPart(
  database: LocalDatabase,
  key: CryptoKey,
  recording: string,
  part: LocalPart,
): Promise<RecordingPart> {
  const records = await readChunks(database, recording, part.part);
  const { plain, chunks, until } = await openPart(key, recording, part.part, records);
  // What comes after a break cannot be placed; it must not be uploaded as if it could.
  const beyond = records
    .slice(chunks)
    .map(({ chunk }): [string, number, number] => [recording, part.part, chunk]);
  if (beyond.length > 0) await database.chunks.bulkDelete(beyond);
  return {
    part: part.part,
    mime: part.mime,
    bytes: plain.length,
    seconds: round(until),
    startOffset: round(part.startOffset),
    sha256: toHex(sha256(plain)),
  };
}

/** The same where nobody here can open the sound: from what was noted of each chunk as it was written. */
export async function recoverSealedPart(
  database: LocalDatabase,
  recording: string,
  part: LocalPart,
): Promise<RecordingPart> {
  const records = await readChunks(database, recording, part.part);
  const whole = records.filter(({ chunk, soFar }, index) => chunk === index && soFar !== undefined);
  const last = whole.at(-1);
  return {
    part: part.part,
    mime: part.mime,
    bytes: whole.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: round(last?.until ?? 0),
    startOffset: round(part.startOffset),
    sha256: last?.soFar ?? toHex(sha256(new Uint8Array())),
  };
}

/** The upload's bytes: `[u32 length, big-endian][JWE]` for each chunk, in order. */
export function frames(records: readonly ChunkRecord[]): Blob {
  const pieces = records.flatMap(({ jwe }) => {
    const length = new DataView(new ArrayBuffer(4));
    length.setUint32(0, jwe.length);
    return [length.buffer, jwe];
  });
  return new Blob(pieces, { type: "application/octet-stream" });
}
