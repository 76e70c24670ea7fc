import type { Approval, MergePayload } from "#domain/approval/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { recordsOf } from "#domain/patient/index.ts";
import { refreshSafetyCards } from "#server/chart/index.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Principal } from "#server/identity/principal.ts";
import { keepBeforeMark, mergeLinks } from "#server/patient/index.ts";
import { bringBackDuplicates } from "./bring-back-duplicates.ts";
import { countRecords } from "./counts.ts";

/**
 * Sets or clears the link between two records, and nothing else of them (C07): facts, notes and appointments stay where
 * they were written. What each record holds at this moment is kept, so that a parting can say where later data went.
 */
export async function carryOutMerge(
  { em, audit }: LedgerTransaction,
  approval: Pick<Approval, "id"> & { readonly payload: MergePayload },
  principal: Principal,
): Promise<void> {
  const { kind, mergedId, keptId } = approval.payload;
  const merges = kind === "patient.merge";
  const at = instantNow();
  const counts = JSON.stringify({
    merged: await countRecords(em, mergedId),
    kept: await countRecords(em, keptId),
  });
  await keepBeforeMark(em, [mergedId]);
  await em.execute(
    "update patient set merged_into = ?, merged_at = ?, version = version + 1 where id = ?",
    merges ? [keptId, at, mergedId] : [null, null, mergedId],
  );
  if (merges)
    await em.execute(
      "insert into patient_merge(approval_id, merged_id, kept_id, merged_at, counts) values (?, ?, ?, ?, ?)",
      [approval.id, mergedId, keptId, at, counts],
    );
  else
    await em.execute(
      `update patient_merge set parted_at = ?, parted_by = ?, counts_when_parted = ?
       where merged_id = ? and parted_at is null`,
      [at, approval.id, counts, mergedId],
    );
  if (!merges) await bringBackDuplicates(em, { id: approval.id, by: principal.actor.id, at });
  await refreshSafetyCards(em, [...recordsOf(await mergeLinks(em), keptId), mergedId]);
  for (const [patientId, namedPatientId] of [
    [keptId, mergedId],
    [mergedId, keptId],
  ] as const)
    audit({
      actor: principal.audit,
      action: merges ? "patient.merged" : "patient.unmerged",
      outcome: "ok",
      approvalId: approval.id,
      resource: { type: "patient", id: mergedId },
      patientId,
      namedPatientId,
      changed: ["mergedInto"],
    });
}
