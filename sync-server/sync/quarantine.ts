import type { ErrorCode } from "#domain/errors/catalog.ts";
import { canonical } from "#domain/kernel/canonical.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema, newId } from "#domain/kernel/id.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { PushContext } from "./push.ts";

/** Keeps work that may not be applied now, sealed and outside the domain's tables, until a person decides about it. */
export async function quarantine(
  { practice, principal, clientId }: PushContext,
  em: EntityManager,
  mutation: PushedMutation,
  reason: ErrorCode,
): Promise<void> {
  const id = newId();
  const sealed = practice.keys.sealForPractice(Buffer.from(canonical(mutation)), `quarantine|${id}`);
  const patientId = idSchema.safeParse(mutation.args.patientId).data ?? null;
  await em.execute(
    `insert into quarantine(id, client_id, n, mutation_id, user_id, device_id, patient_id, name, reason, sealed, received_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      clientId,
      mutation.n,
      mutation.id,
      principal.actor.id,
      principal.session!.deviceId,
      patientId,
      mutation.name,
      reason,
      sealed,
      instantNow(),
    ],
  );
}
