import { LockMode } from "@mikro-orm/core";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Practice } from "#server/practice/practice.ts";
import { RecordingEntity, RecordingPartEntity } from "./recording.entity.ts";

/**
 * Once the tablet has said that a recording is complete *and* every part lies on the server's disk with the hash the
 * tablet gave, it is stored, and its transcription is queued in the same transaction. Called by whichever comes last.
 */
export async function storeWhenComplete(
  practice: Practice,
  { em }: LedgerTransaction,
  recordingId: string,
): Promise<boolean> {
  const recording = await em.findOne(
    RecordingEntity,
    { id: recordingId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (recording?.status !== "captured") return false;
  const stored = await em.find(RecordingPartEntity, { recordingId });
  const hashes = new Map(stored.map((part) => [part.part, part.sha256]));
  if (!recording.parts.every(({ part }) => hashes.has(part))) return false;
  const whole = recording.parts.every(({ part, sha256 }) => hashes.get(part) === sha256);
  if (recording.parts.length === 0 || !whole) {
    recording.status = "failed";
    recording.failure = whole ? "no_audio" : "recording_differs";
  } else {
    recording.status = "stored";
    await practice.jobs.enqueue(em, { kind: "transcribe", recordingId });
  }
  await em.flush();
  return true;
}
