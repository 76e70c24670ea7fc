import { patientOfStream, streams as streamNames } from "#domain/access/scope.ts";
import type { Local } from "../local.ts";
import { bytesStillAway } from "../store/sync-state.ts";

/** The charts on this tablet, by their patients. */
export interface Charts {
  readonly held: readonly string[];
  /** The last one at the end. */
  readonly opened: readonly string[];
  readonly away: readonly string[];
  /** How large what was put away is, in bytes of its text. */
  readonly bytes: number;
}

const patients = (streams: readonly string[]): readonly string[] =>
  streams.map(patientOfStream).filter((id) => id !== null);

export function chartsOf(local: Pick<Local, "replica">): Charts {
  const replica = local.replica();
  const { want = [], putAway = [], bytesPutAway = 0 } = replica?.cursor ?? {};
  return {
    held: patients(replica?.streams.get().map(({ stream }) => stream) ?? []),
    opened: patients(want),
    away: patients(putAway),
    bytes: bytesPutAway,
  };
}

/** Puts these charts away; all others come back when the clinic is at hand. */
export async function keepAway(
  local: Pick<Local, "replica" | "syncNow">,
  patientIds: readonly string[],
): Promise<void> {
  const replica = local.replica();
  if (!replica) return;
  const away = new Set(patientIds.map(streamNames.chart));
  const { want, putAway } = replica.cursor;
  if (away.size === putAway.length && putAway.every((stream) => away.has(stream))) return;
  const kids = new Set(replica.streams.get().flatMap(({ stream, kid }) => (away.has(stream) ? [kid] : [])));
  const still = putAway.filter((stream) => away.has(stream));
  let bytes = bytesStillAway(replica.cursor, still);
  for (const { kid, data } of replica.model.allConfirmed())
    if (kids.has(kid)) bytes += JSON.stringify(data).length;
  await replica.remember({
    want: want.filter((stream) => !away.has(stream)),
    putAway: [...away],
    bytesPutAway: bytes,
  });
  await local.syncNow();
}
