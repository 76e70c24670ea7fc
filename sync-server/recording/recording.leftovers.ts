import { LockMode } from "@mikro-orm/core";
import type { Practice } from "#server/practice/practice.ts";
import { partAtRest, RecordingEntity } from "./recording.entity.ts";

/**
 * Removes what lies of these parts under the keys of visits that the recording left. Where it belongs is asked now, and
 * held until the files are gone: by the time a move is durable a later one, of the same push too, may have followed it,
 * and its file is then the only one that opens. It answers for its own failures.
 */
export async function dropLeftovers(
  practice: Practice,
  recordingId: string,
  parts: readonly number[],
): Promise<void> {
  try {
    await practice.database.em.fork().transactional(async (em) => {
      const lock = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
      const now = await em.findOneOrFail(RecordingEntity, { id: recordingId }, lock);
      for (const part of parts) await practice.recordings.dropOthers(partAtRest(now, part));
    });
  } catch (error) {
    practice.log.error({ err: error, recordingId }, "old parts remain");
  }
}
