import type { TranscriptRow } from "#domain/transcript/index.ts";
import { seal, unseal } from "#server/keys/key-store.ts";
import type { Practice } from "#server/practice/practice.ts";
import type { TranscriptEntity } from "./transcript.entity.ts";

type Words = Pick<TranscriptRow, "segments" | "gaps" | "draft" | "destroyed">;

const context = (id: string) => `transcript|${id}`;

/** Encrypts what was said, and the draft made from it, under the visit's key. */
export async function sealTranscript(practice: Practice, row: TranscriptRow): Promise<Buffer> {
  const key = await practice.keys.visitKey(row.encounterId, { create: true });
  const words: Words = { segments: row.segments, gaps: row.gaps, draft: row.draft };
  return seal(key!, Buffer.from(JSON.stringify(words)), context(row.id));
}

export async function unsealTranscript(practice: Practice, record: TranscriptEntity): Promise<TranscriptRow> {
  const key = await practice.keys.visitKey(record.encounterId);
  const words: Words = key
    ? (JSON.parse(unseal(key, record.sealed, context(record.id)).toString()) as Words)
    : { segments: [], gaps: [], draft: null, destroyed: true };
  return {
    id: record.id,
    recordingId: record.recordingId,
    encounterId: record.encounterId,
    patientId: record.patientId,
    ...words,
    model: record.model,
    audioSeconds: record.audioSeconds,
    wallSeconds: record.wallSeconds,
    createdAt: record.createdAt,
  };
}
