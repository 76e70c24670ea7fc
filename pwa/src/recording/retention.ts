import { now } from "#domain/kernel/clock.ts";
import type { ReadModel } from "../local/read/read-model.ts";
import type { LocalDatabase } from "../local/store/database.ts";
import { type RecordingRecord, recordingWaits } from "../local/store/recording-records.ts";
import { recordsOf, removeRecording } from "./archive.ts";

const DAY = 24 * 3_600_000;
const durable = new Set<string>(["stored", "transcribing", "transcribed"]);

/** Whether the tablet's copy of the sound may go: at the clinic, the note signed, and a day past. */
async function mayGo(record: RecordingRecord, model: ReadModel): Promise<boolean> {
  if (!record.keyLocal && record.state === "complete" && !recordingWaits(record)) return true; // of no use here
  if (record.state !== "complete" || !record.endedAt || Date.parse(record.endedAt) + DAY > now())
    return false;
  const row = model.confirmed("recording", record.id)?.data;
  if (!row || !durable.has(String(row.status))) return false;
  const [signed] = await model.find("note", {
    where: { encounterId: String(row.encounterId), status: "signed" },
    limit: 1,
  });
  return signed !== undefined && model.confirmed("note", signed.id)?.data.status === "signed";
}

/** Removes sound that is no longer needed here. Returns the ids. */
export async function sweep(database: LocalDatabase, userId: string, model: ReadModel): Promise<string[]> {
  const gone: string[] = [];
  for (const record of await recordsOf(database, userId)) {
    if (!(await mayGo(record, model))) continue;
    await removeRecording(database, record.id);
    gone.push(record.id);
  }
  return gone;
}
