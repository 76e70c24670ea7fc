import { LockMode } from "@mikro-orm/core";
import { streams } from "#domain/access/scope.ts";
import type { RecordingPart } from "#domain/recording/index.ts";
import { CaptureEntity, CapturePartEntity, storeSoundWhenComplete } from "#server/capture/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Practice } from "#server/practice/practice.ts";
import { RecordingEntity, RecordingPartEntity, storeWhenComplete } from "#server/recording/index.ts";

/** What a tablet sends the parts of: a visit's recording, or that of a capture, which becomes one. */
export interface Sound {
  readonly id: string;
  /** What the log says that it is part of. */
  readonly of: { readonly type: "recording" | "capture"; readonly id: string };
  readonly startedAt: string;
  /** Under whose key it lies: its visit's, or its own while it belongs to none. */
  readonly keyOf: string;
  readonly patientId: string | null;
  /** Whoever holds this stream may listen; null = nobody any more. */
  readonly stream: string | null;
  readonly authorId: string;
  readonly deviceId: string;
  readonly sealedKey: string;
  /** More of it is awaited. */
  readonly open: boolean;
  readonly parts: readonly RecordingPart[];
}

/** @param lock holds it until the transaction ends, so that it cannot be moved meanwhile */
export async function findSound(
  em: EntityManager,
  id: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<Sound | null> {
  const held = lock ? ({ lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const) : {};
  // The capture first: who matches one holds it while its recording is made.
  const capture = await em.findOne(CaptureEntity, { soundId: id }, held);
  const recording = await em.findOne(RecordingEntity, { id }, held);
  if (recording) {
    const {
      startedAt,
      encounterId: keyOf,
      patientId,
      clinicianId,
      deviceId,
      sealedKey,
      status,
      parts,
    } = recording;
    const open = status === "recording" || status === "captured";
    const stream = streams.chart(patientId);
    const of = { type: "recording" as const, id };
    return {
      id,
      of,
      startedAt,
      keyOf,
      patientId,
      stream,
      authorId: clinicianId,
      deviceId,
      sealedKey,
      open,
      parts,
    };
  }
  if (!capture?.sound || !capture.sealedKey) return null;
  const { authorId, deviceId, sealedKey, sound } = capture;
  const { startedAt, parts, stored } = sound;
  const patientId = capture.patientId ?? null;
  const stream =
    capture.status === "waiting" ? streams.intake : patientId === null ? null : streams.chart(patientId);
  const of = { type: "capture" as const, id: capture.id };
  return {
    id,
    of,
    startedAt,
    keyOf: id,
    patientId,
    stream,
    authorId,
    deviceId,
    sealedKey,
    open: !stored,
    parts,
  };
}

interface PartId {
  readonly recordingId: string;
  readonly part: number;
}

/** The part, where its bytes are durable already. */
export const storedPart = async (
  em: EntityManager,
  { recordingId, part }: PartId,
): Promise<{ readonly sealedBytes: number } | null> =>
  (await em.findOne(RecordingPartEntity, { recordingId, part })) ??
  (await em.findOne(CapturePartEntity, { soundId: recordingId, part }));

/** Notes that a part is durable, with whatever the sound belongs to by now. */
export async function keepPart(
  practice: Practice,
  tx: LedgerTransaction,
  { recordingId, part }: PartId,
  facts: Omit<RecordingPartEntity, "recordingId" | "part">,
): Promise<void> {
  const recording = await tx.em.findOne(RecordingEntity, { id: recordingId });
  if (recording) tx.em.create(RecordingPartEntity, { recordingId, part, ...facts });
  else tx.em.create(CapturePartEntity, { soundId: recordingId, part, ...facts });
  await tx.em.flush();
  if (recording) await storeWhenComplete(practice, tx, recordingId);
  else await storeSoundWhenComplete(tx.em, recordingId);
}
