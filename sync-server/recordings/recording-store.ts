import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { compactDecrypt } from "jose";
import { DomainError } from "#domain/errors/catalog.ts";
import { seal, unseal } from "#server/keys/key-store.ts";
import { privateFolder, syncFolder } from "#server/operations/private-file.ts";

/** A sealed frame may hold at most this many bytes: 256 kB of sound and its JOSE wrapping. */
export const MAX_FRAME = 600_000;

export interface StoredPart {
  /** Plain bytes and their SHA-256. */
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Recordings at rest: `recordings/<yyyy>/<recordingId>/<part>`, frames of `[u32 length][iv ‖ AES-256-GCM ‖ tag]` under
 * the visit's key, so that nothing plain ever touches the disk and destroying the key destroys the sound.
 */
export interface RecordingStore {
  /** Turns an uploaded part (frames of `[u32 length][JWE]` under the tablet's content key) into one at rest, durably. */
  importPart(options: {
    uploaded: string;
    recordingId: string;
    part: number;
    startedAt: string;
    contentKey: Uint8Array;
    visitKey: Uint8Array;
  }): Promise<StoredPart>;
  /** The plain bytes of a part, decrypted frame by frame. @throws {DomainError} not_found */
  readPart(at: PartAtRest, visitKey: Uint8Array): Promise<Readable>;
  /** Writes a part again under another visit's key, beside the present one, durably. */
  resealPart(
    at: PartAtRest,
    visitKey: Uint8Array,
    to: { encounterId: string; visitKey: Uint8Array },
  ): Promise<void>;
  /** Removes what is left of a part under the keys of other visits. */
  dropOthers(at: PartAtRest): Promise<void>;
}

/** A stored part of a recording that belongs to a visit now. */
export interface PartAtRest {
  readonly recordingId: string;
  readonly startedAt: string;
  readonly part: number;
  readonly encounterId: string;
}

/** Splits a stream into its length-prefixed frames. @throws {DomainError} checksum_mismatch for a cut or damaged stream */
async function* frames(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= 4) {
      const length = pending.readUInt32BE(0);
      if (length === 0 || length > MAX_FRAME) throw new DomainError("checksum_mismatch", "frame length");
      if (pending.length < 4 + length) break;
      yield pending.subarray(4, 4 + length);
      pending = pending.subarray(4 + length);
    }
  }
  if (pending.length > 0) throw new DomainError("checksum_mismatch", "the last frame is cut");
}

async function openFrame(
  frame: Buffer,
  key: Uint8Array,
  recordingId: string,
  part: number,
  chunk: number,
): Promise<Uint8Array> {
  const { plaintext, protectedHeader } = await compactDecrypt(frame.toString("latin1"), key, {
    keyManagementAlgorithms: ["dir"],
    contentEncryptionAlgorithms: ["A256GCM"],
  }).catch((cause: unknown) => {
    throw Object.assign(new DomainError("checksum_mismatch", "a frame does not open"), { cause });
  });
  if (protectedHeader.rec !== recordingId || protectedHeader.part !== part || protectedHeader.chunk !== chunk)
    throw new DomainError("checksum_mismatch", "frames out of order");
  return plaintext;
}

async function writeFrame(file: FileHandle, sealed: Buffer): Promise<void> {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(sealed.length);
  await file.write(Buffer.concat([length, sealed]));
}

const context = (recordingId: string, part: number, index: number) =>
  `recording|${recordingId}|${part}|${index}`;

/** @param folder `recordings/` of the data folder */
export function openRecordingStore(folder: string): RecordingStore {
  const place = (recordingId: string, startedAt: string) => join(folder, startedAt.slice(0, 4), recordingId);
  /** A part that was moved to another visit carries that visit's id in its name. */
  const fileOf = async ({ recordingId, startedAt, part, encounterId }: PartAtRest): Promise<string> => {
    const home = place(recordingId, startedAt);
    for (const name of [`${part}.${encounterId}`, String(part)])
      if (await stat(join(home, name)).catch(() => null)) return join(home, name);
    throw new DomainError("not_found");
  };
  async function* plainFrames({ recordingId, part }: PartAtRest, file: string, visitKey: Uint8Array) {
    let index = 0;
    for await (const frame of frames(createReadStream(file) as AsyncIterable<Buffer>))
      yield unseal(visitKey, frame, context(recordingId, part, index++));
  }
  return {
    async importPart({ uploaded, recordingId, part, startedAt, contentKey, visitKey }) {
      const home = place(recordingId, startedAt);
      await privateFolder(home);
      const draft = join(home, `${part}.new`);
      const hash = createHash("sha256");
      let bytes = 0;
      let index = 0;
      const file = await open(draft, "w", 0o600);
      try {
        for await (const frame of frames(createReadStream(uploaded) as AsyncIterable<Buffer>)) {
          const plain = await openFrame(frame, contentKey, recordingId, part, index);
          hash.update(plain);
          bytes += plain.length;
          await writeFrame(file, seal(visitKey, plain, context(recordingId, part, index)));
          index++;
        }
        await file.sync();
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      await rename(draft, join(home, String(part)));
      await syncFolder(home);
      return { bytes, sha256: hash.digest("hex") };
    },

    async readPart(at, visitKey) {
      return Readable.from(plainFrames(at, await fileOf(at), visitKey));
    },

    async resealPart(at, visitKey, to) {
      const home = place(at.recordingId, at.startedAt);
      const draft = join(home, `${at.part}.new`);
      const file = await open(draft, "w", 0o600);
      try {
        let index = 0;
        for await (const plain of plainFrames(at, await fileOf(at), visitKey))
          await writeFrame(file, seal(to.visitKey, plain, context(at.recordingId, at.part, index++)));
        await file.sync();
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      await rename(draft, join(home, `${at.part}.${to.encounterId}`));
      await syncFolder(home);
    },

    async dropOthers(at) {
      const home = place(at.recordingId, at.startedAt);
      const kept = await fileOf(at);
      for (const name of await readdir(home)) {
        const isOfPart = name === String(at.part) || name.startsWith(`${at.part}.`);
        if (isOfPart && join(home, name) !== kept) await rm(join(home, name), { force: true });
      }
      await syncFolder(home);
    },
  };
}
