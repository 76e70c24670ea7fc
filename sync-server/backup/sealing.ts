import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { BackupError } from "./backup-error.ts";

/**
 * A backup's bytes under its key, in pieces, so that a large one is never in memory as a whole: AES-256-GCM with a key
 * that HKDF derives for this one file; the nonce counts the pieces and marks the last, so that none can be left out,
 * moved, or cut off at the end; the file's first line is authenticated with each.
 */
const PIECE = 1024 * 1024;
const TAG = 16;

export const newSalt = (): Buffer => randomBytes(32);

const fileKey = (key: Uint8Array, salt: Uint8Array): Buffer =>
  Buffer.from(hkdfSync("sha256", key, salt, "jamemr backup 1", 32));

function nonce(piece: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt8(last ? 1 : 0, 3);
  bytes.writeBigUInt64BE(BigInt(piece), 4);
  return bytes;
}

/** Cuts a stream into pieces of one size and says which is the last. */
async function* pieces(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ piece: Buffer; last: boolean }> {
  let waiting: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    waiting = Buffer.concat([waiting, chunk]);
    for (; waiting.length > size; waiting = waiting.subarray(size))
      yield { piece: waiting.subarray(0, size), last: false };
  }
  yield { piece: waiting, last: true };
}

export interface SealedWith {
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
  /** The file's first line. */
  readonly header: Uint8Array;
}

export async function* sealPieces(
  bytes: AsyncIterable<Uint8Array>,
  { key, salt, header }: SealedWith,
): AsyncGenerator<Buffer> {
  const own = fileKey(key, salt);
  let count = 0;
  for await (const { piece, last } of pieces(bytes, PIECE)) {
    const cipher = createCipheriv("aes-256-gcm", own, nonce(count++, last)).setAAD(header);
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  }
}

/** @throws {BackupError} backup_damaged when a byte was changed, moved or is missing, or the key is another one */
export async function* openPieces(
  bytes: AsyncIterable<Uint8Array>,
  { key, salt, header }: SealedWith,
): AsyncGenerator<Buffer> {
  const own = fileKey(key, salt);
  let count = 0;
  for await (const { piece, last } of pieces(bytes, PIECE + TAG)) {
    if (piece.length < TAG) throw new BackupError("backup_damaged", { piece: count });
    const cipher = createDecipheriv("aes-256-gcm", own, nonce(count, last)).setAAD(header);
    cipher.setAuthTag(piece.subarray(piece.length - TAG));
    let plain: Buffer;
    try {
      plain = Buffer.concat([cipher.update(piece.subarray(0, piece.length - TAG)), cipher.final()]);
    } catch (cause) {
      throw new BackupError("backup_damaged", { piece: count }, cause);
    }
    count++;
    yield plain;
  }
}
