import { LockMode } from "@mikro-orm/core";
import { type Capture, soundIdOf } from "#domain/capture/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import type { ArgsOf } from "#domain/registry.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { takeHeldSound } from "#server/held-sound/index.ts";
import { keepParts, RecordingEntity, storeWhenComplete } from "#server/recording/index.ts";
import type { HandlerContext } from "#server/sync/slice.ts";
import { CaptureEntity, CapturePartEntity } from "./capture.entity.ts";

type Sound = NonNullable<Capture["sound"]>;

/** What the tablet says of its sound, whether it still waits or is a visit's recording by now. */
export async function completeSound(
  { practice, tx, args, apply, save }: HandlerContext<Capture, ArgsOf<"capture.completeRecording">>,
  present: Capture,
  sound: Sound,
): Promise<void> {
  if (sound.sha256 !== null) {
    if (sound.sha256 === args.sha256) return;
    throw new DomainError("recording_closed");
  }
  await save(apply(present)!);
  const soundId = soundIdOf(present.id);
  await storeSoundWhenComplete(tx.em, soundId);
  const { id: _, ...done } = args;
  const recording = await tx.em.findOne(RecordingEntity, { id: soundId });
  if (recording?.status !== "recording") return;
  tx.em.assign(recording, { ...done, status: "captured" });
  await tx.em.flush();
  await storeWhenComplete(practice, tx, soundId);
}

/** Says that all of its sound is at the clinic, once that is so. */
export async function storeSoundWhenComplete(em: EntityManager, soundId: string): Promise<void> {
  const capture = await em.findOne(CaptureEntity, { soundId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!capture?.sound || capture.sound.stored || capture.sound.sha256 === null) return;
  const parts = await em.find(CapturePartEntity, { soundId });
  const hashes = new Map(parts.map(({ part, sha256 }) => [part, sha256]));
  if (!capture.sound.parts.every(({ part, sha256 }) => hashes.get(part) === sha256)) return;
  capture.sound = { ...capture.sound, stored: true };
  await em.flush();
}

/**
 * Makes the sound a recording of the visit, under its author's name: what is here is sealed again under the visit's key,
 * what arrives later goes there, and it is transcribed from now on.
 */
export async function giveToVisit(
  { practice, tx }: Pick<HandlerContext, "practice" | "tx">,
  matched: Capture,
  sound: Sound,
): Promise<void> {
  const { encounterId, patientId, authorId } = matched;
  if (encounterId === null || patientId === null) return;
  const capture = await tx.em.findOneOrFail(CaptureEntity, { id: matched.id });
  const id = soundIdOf(matched.id);
  const { consent, startedAt, endedAt, parts, gaps, sha256 } = sound;
  tx.em.create(RecordingEntity, {
    id,
    encounterId,
    patientId,
    clinicianId: authorId,
    status: sha256 === null ? "recording" : "captured",
    consent,
    startedAt,
    endedAt,
    parts,
    gaps,
    sha256,
    progress: 0,
    failure: null,
    moves: [],
    sealedKey: capture.sealedKey!,
    deviceId: capture.deviceId,
  } as never);
  await tx.em.flush();
  const here = await tx.em.find(CapturePartEntity, { soundId: id });
  await keepParts(practice, tx, { id, startedAt, encounterId, parts: here });
  await tx.em.nativeDelete(CapturePartEntity, { soundId: id });
}

/** What arrived of the sound while its beginning waited for review. It lies under the same key. */
export async function takeSound(
  { em }: LedgerTransaction,
  begun: { readonly id: string; readonly authorId: string; readonly sealedKey: string },
): Promise<void> {
  const taken = await takeHeldSound(em, begun);
  for (const { part, bytes, sealedBytes, sha256, storedAt } of taken?.parts ?? [])
    em.create(CapturePartEntity, { soundId: begun.id, part, bytes, sealedBytes, sha256, storedAt });
  await em.flush();
}
