import { LockMode } from "@mikro-orm/core";
import { begunSoundOf } from "#domain/capture/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Practice } from "#server/practice/practice.ts";
import { HeldSoundEntity, HeldSoundPartEntity } from "./held-sound.entity.ts";

/** Work that was kept for review, and whose it is. */
interface KeptWork {
  readonly id: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly patientId: string | null;
  readonly mutation: PushedMutation;
}

/**
 * Where what is kept for review begins sound, that may arrive all the same: the tablet need not keep it until somebody has
 * decided, and one that is wiped comes to its end. Sound that is at the clinic already goes on where it is.
 */
export async function holdSound(practice: Practice, em: EntityManager, kept: KeptWork): Promise<void> {
  const sound = begunSoundOf(kept.mutation);
  if (!sound || !(await opens(practice, sound.sealedKey))) return;
  await practice.keys.visitKey(sound.soundId, { create: true });
  await em.execute(
    `insert into held_sound(id, quarantine_id, author_id, device_id, patient_id, started_at, sealed_key)
     select v.* from (values (?::uuid, ?::uuid, ?::uuid, ?::uuid, ?::uuid, ?::timestamptz, ?)) v(id)
     where not exists (select from recording where id = v.id)
       and not exists (select from capture where sound_id = v.id)
     on conflict do nothing`,
    [sound.soundId, kept.id, kept.userId, kept.deviceId, kept.patientId, sound.startedAt, sound.sealedKey],
  );
}

/** Whether a tablet sealed a content key in it to this practice. Without that nobody could keep a byte of the sound. */
async function opens({ keys }: Practice, sealedKey: string): Promise<boolean> {
  try {
    return (await keys.openFromTablet(sealedKey)).length === 32;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** How many parts are here of the sound that this work begins; null where it begins none that waits. */
export async function countHeldParts(em: EntityManager, quarantineId: string): Promise<number | null> {
  const held = await em.findOne(HeldSoundEntity, { quarantineId });
  return held && (await em.count(HeldSoundPartEntity, { soundId: held.id }));
}

export interface TakenSound {
  readonly startedAt: string;
  readonly parts: readonly HeldSoundPartEntity[];
}

/**
 * Ends the waiting of a sound that has its place now, and tells what of it is here. Null where none waited, or another
 * than this one.
 */
export async function takeHeldSound(
  em: EntityManager,
  begun: { readonly id: string; readonly authorId: string; readonly sealedKey: string },
): Promise<TakenSound | null> {
  const held = await em.findOne(
    HeldSoundEntity,
    { id: begun.id },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  if (!held || held.authorId !== begun.authorId || held.sealedKey !== begun.sealedKey) return null;
  const parts = await em.find(HeldSoundPartEntity, { soundId: begun.id });
  await em.nativeDelete(HeldSoundPartEntity, { soundId: begun.id });
  await em.nativeDelete(HeldSoundEntity, { id: begun.id });
  return { startedAt: held.startedAt, parts };
}
