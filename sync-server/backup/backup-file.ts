import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import * as z from "zod";
import { idSchema } from "#domain/kernel/id.ts";
import { systemCode } from "#server/operations/operation-error.ts";
import { syncFolder } from "#server/operations/private-file.ts";
import { BackupError } from "./backup-error.ts";
import type { Moment } from "./dump.ts";
import { type EntryWithBytes, readFrames, writeFrames } from "./frames.ts";
import { newSalt, openPieces, sealPieces } from "./sealing.ts";

/** Raised when an older program could no longer read what this one writes. */
const VERSION = 1;
const MOST_HEADER = 64 * 1024;

/** The first line of a backup, readable by everybody: what it is, of whom, and which key opens it. Nothing clinical. */
const headerSchema = z.object({
  format: z.literal("jamemr-backup"),
  version: z.int(),
  practiceId: idSchema,
  at: z.iso.datetime(),
  keyId: z.string(),
  salt: z.base64url(),
  moment: z.object({
    epoch: idSchema,
    auditHead: z.int(),
    auditHash: z.string(),
    migrations: z.array(z.string()),
    sequences: z.array(z.object({ name: z.string(), last: z.string().nullable() })),
  }),
});
export type BackupHeader = z.infer<typeof headerSchema>;

/** Names a key without telling it. */
export const keyIdOf = (key: Uint8Array): string =>
  createHash("sha256").update("jamemr backup key").update(key).digest("hex").slice(0, 16);

const momentOf = ({ practiceId, at, moment }: BackupHeader): Moment => ({ practiceId, at, ...moment });

/**
 * Writes a backup beside its name and gives it the name when it is whole and on the disk. One that exists stays.
 * @throws {BackupError} backup_exists · the system error of a disk that is full
 */
export async function writeBackup(
  file: string,
  key: Uint8Array,
  { practiceId, at, ...moment }: Moment,
  entries: AsyncIterable<EntryWithBytes>,
): Promise<void> {
  const salt = newSalt();
  const header: BackupHeader = {
    format: "jamemr-backup",
    version: VERSION,
    practiceId,
    at,
    keyId: keyIdOf(key),
    salt: salt.toString("base64url"),
    moment: { ...moment, migrations: [...moment.migrations], sequences: [...moment.sequences] },
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const draft = `${file}.part`;
  const out = await open(draft, "wx", 0o600).catch((error: unknown) => {
    throw systemCode(error) === "EEXIST" ? new BackupError("backup_exists", { file: draft }) : error;
  });
  try {
    await out.writeFile(line);
    const packed = Readable.from(writeFrames(entries), { objectMode: false }).compose(
      createGzip({ level: 4 }),
    );
    for await (const piece of sealPieces(packed, { key, salt, header: line })) await out.writeFile(piece);
    await out.sync();
    await out.close();
    await rename(draft, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await out.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
}

/** What a backup says of itself. @throws {BackupError} backup_unreadable, backup_newer */
export async function readHeader(
  file: string,
): Promise<{ header: BackupHeader; line: Buffer; moment: Moment }> {
  const source = await open(file, "r");
  try {
    const start = Buffer.alloc(MOST_HEADER);
    const { bytesRead } = await source.read(start, 0, MOST_HEADER, 0);
    const end = start.subarray(0, bytesRead).indexOf(0x0a);
    if (end < 0) throw new BackupError("backup_unreadable", { file });
    const line = Buffer.from(start.subarray(0, end + 1));
    const header = parseHeader(file, line.toString());
    return { header, line, moment: momentOf(header) };
  } finally {
    await source.close();
  }
}

function parseHeader(file: string, text: string): BackupHeader {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BackupError("backup_unreadable", { file }, cause);
  }
  const kind = z.object({ format: z.literal("jamemr-backup"), version: z.int() }).safeParse(value);
  if (kind.success && kind.data.version > VERSION)
    throw new BackupError("backup_newer", { found: kind.data.version, known: VERSION });
  const header = headerSchema.safeParse(value);
  if (!header.success) throw new BackupError("backup_unreadable", { file }, header.error);
  return header.data;
}

/**
 * Reads a backup from its first byte to its last and hands on what is in it. Nothing of a piece is used before its seal
 * was checked; that the whole is there is known only at the end.
 * @throws {BackupError} backup_key_wrong, backup_damaged, backup_incomplete and those of {@link readHeader}
 */
export async function readBackup(
  file: string,
  key: Uint8Array,
  take: (entry: EntryWithBytes) => Promise<void> = async () => {},
): Promise<{ readonly moment: Moment; readonly entries: number; readonly bytes: number }> {
  const { header, line, moment } = await readHeader(file);
  if (header.keyId !== keyIdOf(key)) throw new BackupError("backup_key_wrong", { needed: header.keyId });
  const sealed = createReadStream(file, { start: line.length, highWaterMark: 1024 * 1024 });
  const salt = Buffer.from(header.salt, "base64url");
  const opened = Readable.from(openPieces(sealed, { key, salt, header: line }), { objectMode: false });
  const totals = await readFrames(opened.compose(createGunzip()), take);
  return { moment, entries: totals.length, bytes: totals.reduce((sum, { bytes }) => sum + bytes, 0) };
}
