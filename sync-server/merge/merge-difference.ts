import {
  type ApprovalDifference,
  comparedPatient,
  type MergeDifference,
  type MergePayload,
  type RecordCounts,
} from "#domain/approval/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { type MergeLinks, patientName } from "#domain/patient/index.ts";
import { restrictedCharts } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { mergeLinks, PatientEntity } from "#server/patient/index.ts";
import { countRecords } from "./counts.ts";

/** Both records, locked in the order of their ids so that two requests about them wait for each other. */
async function bothOf(
  em: EntityManager,
  { mergedId, keptId }: MergePayload,
): Promise<{ merged: PatientEntity; kept: PatientEntity }> {
  if (mergedId === keptId) throw new DomainError("same_patient");
  for (const id of [mergedId, keptId].sort())
    await em.execute("select 1 from patient where id = ? for no key update", [id]);
  const rows = await em.find(PatientEntity, { id: { $in: [mergedId, keptId] } }, { refresh: true });
  const [merged, kept] = [mergedId, keptId].map((id) => rows.find((row) => row.id === id));
  if (!merged || !kept) throw new DomainError("not_found");
  return { merged, kept };
}

/** Whether two records may become one, or be parted. @throws {DomainError} patient_merged · patient_not_merged */
function assertPossible({ kind }: MergePayload, merged: PatientEntity, kept: PatientEntity): void {
  if (kind === "patient.unmerge") {
    if (merged.mergedInto !== kept.id) throw new DomainError("patient_not_merged");
    return;
  }
  // Only records that stand for themselves are joined, so links end somewhere and never make a ring. One that others
  // were merged into may be merged itself: its records then lead on to the new survivor.
  const into = merged.mergedInto ?? kept.mergedInto;
  if (into) throw new DomainError("patient_merged", { into });
}

/** The links as they would be after the request was carried out. */
export function linksAfter(links: MergeLinks, { kind, mergedId, keptId }: MergePayload): MergeLinks {
  const after = new Map(links);
  if (kind === "patient.merge") after.set(mergedId, keptId);
  else after.delete(mergedId);
  return after;
}

/** Who may open either chart before and after (C16). */
async function readersAround(
  em: EntityManager,
  links: MergeLinks,
  payload: MergePayload,
): Promise<NonNullable<MergeDifference["readers"]>> {
  const ids = [payload.mergedId, payload.keptId];
  const at = async (now: MergeLinks) => {
    const restricted = await restrictedCharts(em, ids, now);
    const [merged, kept] = ids.map((id) => {
      const readers = restricted.get(id);
      return readers ? [...readers].sort() : null;
    });
    return { merged: merged!, kept: kept! };
  };
  return { before: await at(links), after: await at(linksAfter(links, payload)) };
}

interface Standing {
  readonly merged_at: string | Date;
  readonly counts: { readonly merged: RecordCounts; readonly kept: RecordCounts };
}

/** Where later data went: what each record held at the merge and holds now. What came since stays with the kept one. */
async function countsOf(
  em: EntityManager,
  { mergedId, keptId }: MergePayload,
): Promise<NonNullable<MergeDifference["counts"]>> {
  const [standing]: Standing[] = await em.execute(
    "select merged_at, counts from patient_merge where merged_id = ? and parted_at is null",
    [mergedId],
  );
  if (!standing) throw new DomainError("patient_not_merged");
  const now = { merged: await countRecords(em, mergedId), kept: await countRecords(em, keptId) };
  return { mergedAt: new Date(standing.merged_at).toISOString(), atMerge: standing.counts, now };
}

/**
 * What carrying out the request would change, in the desk's words. It holds no clinical word, and nothing that somebody's
 * work on the chart changes while a merge waits.
 * @throws {DomainError} same_patient · not_found · patient_merged · patient_not_merged
 */
export async function mergeDifferenceOf(
  em: EntityManager,
  payload: MergePayload,
): Promise<ApprovalDifference> {
  const { merged, kept } = await bothOf(em, payload);
  assertPossible(payload, merged, kept);
  const links = await mergeLinks(em);
  return {
    subject: patientName(merged),
    gains: [],
    losses: [],
    charts: null,
    records: {
      merged: comparedPatient(merged),
      kept: comparedPatient(kept),
      readers: await readersAround(em, links, payload),
      ...(payload.kind === "patient.unmerge" && { counts: await countsOf(em, payload) }),
    },
  };
}
