import { LockMode } from "@mikro-orm/core";
import { streams } from "#domain/access/scope.ts";
import type { Capture } from "#domain/capture/index.ts";
import type { RecordingPart } from "#domain/recording/index.ts";
import { CaptureEntity, CapturePartEntity, storeSoundWhenComplete } from "#server/capture/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { HeldSoundEntity, HeldSoundPartEntity } from "#server/held-sound/index.ts";
import type { Practice } from "#server/practice/practice.ts";
import {
  RecordingEntity,
  RecordingPartEntity,
  type StoredPart,
  storeWhenComplete,
} from "#server/recording/index.ts";

/** What a tablet sends the parts of: a visit's recording, that of a capture, which becomes one, or one under review. */
export interface Sound {
  readonly id: string;
  /** What the log says that it is part of. */
  readonly of: { readonly type: "recording" | "capture" | "quarantine"; readonly id: string };
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
  const options = lock ? ({ lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const) : {};
  // In this order: who takes one out of review, or matches a capture, holds it while its next place is made.
  const held = await em.findOne(HeldSoundEntity, { id }, options);
  const capture = await em.findOne(CaptureEntity, { soundId: id }, options);
  const recording = await em.findOne(RecordingEntity, { id }, options);
  if (recording) return soundOfVisit(recording);
  if (capture?.sound && capture.sealedKey) return soundOfCapture(capture, capture.sound, capture.sealedKey);
  return held && soundInReview(held);
}

function soundOfVisit(recording: RecordingEntity): Sound {
  const { id, startedAt, patientId, deviceId, sealedKey, status, parts } = recording;
  return {
    id,
    of: { type: "recording", id },
    startedAt,
    keyOf: recording.encounterId,
    patientId,
    stream: streams.chart(patientId),
    authorId: recording.clinicianId,
    deviceId,
    sealedKey,
    open: status === "recording" || status === "captured",
    parts,
  };
}

function soundOfCapture(
  { id, soundId, status, patientId, authorId, deviceId }: CaptureEntity,
  { startedAt, parts, stored }: NonNullable<Capture["sound"]>,
  sealedKey: string,
): Sound {
  const ofPatient = patientId ? streams.chart(patientId) : null;
  return {
    id: soundId!,
    of: { type: "capture", id },
    startedAt,
    keyOf: soundId!,
    patientId: patientId ?? null,
    stream: status === "waiting" ? streams.intake : ofPatient,
    authorId,
    deviceId,
    sealedKey,
    open: !stored,
    parts,
  };
}

/** Nobody hears it before somebody has decided, and nobody knows yet how much of it there is. */
const soundInReview = ({ id, quarantineId, ...held }: HeldSoundEntity): Sound => ({
  id,
  of: { type: "quarantine", id: quarantineId },
  startedAt: held.startedAt,
  keyOf: id,
  patientId: held.patientId ?? null,
  stream: null,
  authorId: held.authorId,
  deviceId: held.deviceId,
  sealedKey: held.sealedKey,
  open: true,
  parts: [],
});

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
  (await em.findOne(CapturePartEntity, { soundId: recordingId, part })) ??
  (await em.findOne(HeldSoundPartEntity, { soundId: recordingId, part }));

/** Notes that a part is durable, with whatever the sound belongs to by now. */
export async function keepPart(
  practice: Practice,
  tx: LedgerTransaction,
  { id: soundId, of }: Sound,
  facts: StoredPart,
): Promise<void> {
  if (of.type === "recording") tx.em.create(RecordingPartEntity, { recordingId: soundId, ...facts });
  else if (of.type === "capture") tx.em.create(CapturePartEntity, { soundId, ...facts });
  else tx.em.create(HeldSoundPartEntity, { soundId, ...facts });
  await tx.em.flush();
  if (of.type === "recording") await storeWhenComplete(practice, tx, soundId);
  if (of.type === "capture") await storeSoundWhenComplete(tx.em, soundId);
}
