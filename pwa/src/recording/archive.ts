import * as z from "zod";
import { idSchema } from "#domain/kernel/id.ts";
import { recordingSchema } from "#domain/recording/index.ts";
import { type Bytes, importAesKey, open, openJson, type Sealed, seal, sealJson } from "../local/keys/aes.ts";
import type { Keyring } from "../local/keys/keyring.ts";
import { LocalError } from "../local/local-error.ts";
import { type LocalDatabase, withReconnect } from "../local/store/database.ts";
import type { RecordingRecord } from "../local/store/recording-records.ts";

/** Whose visit a recording belongs to: on disk only under the root key. */
const visitSchema = z.strictObject({
  /** Null for a capture, of which nobody knows it yet. */
  encounterId: idSchema.nullable(),
  patientId: idSchema.nullable(),
  consent: recordingSchema.shape.consent,
  /** The content key sealed to the clinic, as `recording.begin` carries it. */
  sealedKey: z.string(),
});
export type Visit = z.infer<typeof visitSchema>;

const visitContext = (id: string) => `recordings|${id}|visit|1`;
const keyContext = (id: string) => `recordings|${id}|key|1`;

export const sealVisit = (keyring: Keyring, id: string, visit: Visit): Promise<Sealed> =>
  sealJson(keyring.root, visit, visitContext(id));

export const openVisit = async (keyring: Keyring, record: RecordingRecord): Promise<Visit> =>
  visitSchema.parse(await openJson(keyring.root, record.visit, visitContext(record.id)));

export const sealContentKey = (keyring: Keyring, id: string, raw: Bytes): Promise<Sealed> =>
  seal(keyring.root, raw, keyContext(id));

/** The content key for listening and recovery (`decrypt`) or for going on (`encrypt`). @throws {LocalError} damaged */
export async function openContentKey(
  keyring: Keyring,
  record: RecordingRecord,
  usage: "encrypt" | "decrypt",
): Promise<CryptoKey> {
  if (!record.keyLocal) throw new LocalError("damaged");
  const raw = await open(keyring.root, record.keyLocal, keyContext(record.id));
  try {
    return await importAesKey(raw, [usage]);
  } finally {
    raw.fill(0);
  }
}

export const findRecord = (database: LocalDatabase, id: string): Promise<RecordingRecord | undefined> =>
  withReconnect(database, () => database.recordings.get(id));

export const saveRecord = (database: LocalDatabase, record: RecordingRecord): Promise<unknown> =>
  withReconnect(database, () => database.recordings.put(record));

/** Changes one recording's record inside a transaction, from what the disk says now. */
export const changeRecord = (
  database: LocalDatabase,
  id: string,
  change: (record: RecordingRecord) => RecordingRecord,
): Promise<RecordingRecord | null> =>
  withReconnect(database, () =>
    database.transaction("rw", database.recordings, async () => {
      const record = await database.recordings.get(id);
      if (!record) return null;
      const next = change(record);
      await database.recordings.put(next);
      return next;
    }),
  );

export const recordsOf = (database: LocalDatabase, user: string): Promise<RecordingRecord[]> =>
  withReconnect(database, () => database.recordings.where("user").equals(user).toArray());

/** Null where the keys that it was sealed under are gone: its author has forgotten a PIN since. */
export const orNull = <T>(opened: Promise<T>): Promise<T | null> =>
  opened.catch((error: unknown) => {
    if (error instanceof LocalError && error.code === "damaged") return null;
    throw error;
  });

/** Removes a recording's sound and record from this tablet. */
export const removeRecording = (database: LocalDatabase, id: string): Promise<void> =>
  database.transaction("rw", [database.recordings, database.chunks], async () => {
    await database.chunks
      .where("[recording+part+chunk]")
      .between([id, 0, 0], [id, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])
      .delete();
    await database.recordings.delete(id);
  });
