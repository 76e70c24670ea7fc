import { DomainError } from "#domain/errors/catalog.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Practice } from "#server/practice/practice.ts";
import { storeWhenComplete } from "./recording.completion.ts";
import { partAtRest, RecordingPartEntity, type StoredPart } from "./recording.entity.ts";
import { dropLeftovers } from "./recording.leftovers.ts";

/** Sound that lay under a key of its own until it belonged to a visit. */
interface OwnSound {
  readonly id: string;
  readonly startedAt: string;
  readonly encounterId: string;
  readonly parts: readonly StoredPart[];
}

/**
 * Puts what is here of a sound into the visit's recording: sealed again under the visit's key. What lies under the old one
 * is removed once that is durable.
 */
export async function keepParts(
  practice: Practice,
  tx: LedgerTransaction,
  { id, startedAt, encounterId, parts }: OwnSound,
): Promise<void> {
  const own = await practice.keys.visitKey(id);
  const visitKey = await practice.keys.visitKey(encounterId, { create: true });
  if (!own || !visitKey) throw new DomainError("not_found");
  for (const { part, bytes, sealedBytes, sha256, storedAt } of parts) {
    const at = partAtRest({ id, startedAt, encounterId: id }, part);
    await practice.recordings.resealPart(at, own, { encounterId, visitKey });
    tx.em.create(RecordingPartEntity, { recordingId: id, part, bytes, sealedBytes, sha256, storedAt });
  }
  await tx.em.flush();
  await storeWhenComplete(practice, tx, id);
  tx.afterCommit(() =>
    dropLeftovers(
      practice,
      id,
      parts.map(({ part }) => part),
    ),
  );
}
