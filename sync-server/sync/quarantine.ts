import { canonical } from "#domain/kernel/canonical.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { instantSchema } from "#domain/kernel/instant.ts";
import { mutationSchema, type PushedMutation } from "#domain/sync/protocol.ts";
import { buildsOn, isAnnounced } from "#domain/sync/review.ts";
import type { ReviewReason } from "#domain/sync/review-items.ts";
import type { EntityManager } from "#server/database/database.ts";
import { holdSound } from "#server/held-sound/index.ts";
import type { Practice } from "#server/practice/practice.ts";

export interface SealedWork {
  readonly id: string;
  /** Where it was written, and by whom. */
  readonly clientId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly mutation: PushedMutation;
  /** Whose record it is about, as far as anybody can tell. */
  readonly patientId: string | null;
  readonly reason: ReviewReason;
  /** To whom its author handed it, and why the clinic had refused it. */
  readonly handed?: { readonly to: string; readonly refusal: string | null };
}

/**
 * Keeps work that may not be applied now, sealed and outside the domain's tables, until a person decides about it. The
 * patient's chart says that it is there (C26).
 */
export async function keepSealed(practice: Practice, em: EntityManager, work: SealedWork): Promise<void> {
  const { id, clientId, userId, deviceId, mutation, reason, handed } = work;
  const patientId = work.patientId ?? (await patientOfEarlier(practice, em, work));
  const receivedAt = instantNow();
  const sealed = practice.keys.sealForPractice(Buffer.from(canonical(mutation)), sealedAs(id));
  await em.execute(
    `insert into quarantine(id, client_id, n, mutation_id, user_id, device_id, patient_id, name, reason, sealed,
       received_at, written_at, announced, body_hash, handed_to, refusal)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, decode(?, 'hex'), ?, ?)`,
    [
      id,
      clientId,
      mutation.n,
      mutation.id,
      userId,
      deviceId,
      patientId,
      mutation.name,
      reason,
      sealed,
      receivedAt,
      instantSchema.safeParse(mutation.at).data ?? receivedAt,
      isAnnounced(mutation.name),
      mutation.hash,
      handed?.to ?? null,
      handed?.refusal ?? null,
    ],
  );
  await holdSound(practice, em, { id, userId, deviceId, patientId, mutation });
}

/**
 * A change of something that itself waits here names no patient, and there is no record that would: it is about the patient
 * of what it builds on, is announced on that chart, and is judged by whoever may judge that.
 */
async function patientOfEarlier(
  { keys }: Practice,
  em: EntityManager,
  { clientId, mutation }: SealedWork,
): Promise<string | null> {
  const earlier: { id: string; patientId: string; sealed: Buffer }[] = await em.execute(
    `select id, patient_id as "patientId", sealed from quarantine
     where client_id = ? and n < ? and patient_id is not null order by n desc limit ?`,
    [clientId, mutation.n, FAR],
  );
  const found = earlier.find(({ id, sealed }) =>
    buildsOn(
      mutation,
      mutationSchema.parse(JSON.parse(keys.openForPractice(sealed, sealedAs(id)).toString())),
    ),
  );
  return found?.patientId ?? null;
}

/** How many changes back something may stand that another one builds on. */
const FAR = 200;

/** What the seal of an item is bound to, so that none can be put in another's place. */
export const sealedAs = (id: string): string => `quarantine|${id}`;
