import { type Approval, isMerge } from "#domain/approval/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import type { PendingMerge } from "#domain/patient/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { keepBeforeMark } from "#server/patient/index.ts";

/**
 * Keeps the mark on both patients in step with the request, in the transaction that changes the request: both banners
 * warn on every tablet while it waits (C07), and no longer once it was decided against, withdrawn, ran out or was done.
 * @throws {DomainError} merge_waiting when one of them takes part in another request
 */
export async function markRequest(
  em: EntityManager,
  { id: approvalId, payload, status }: Pick<Approval, "id" | "payload" | "status">,
): Promise<void> {
  if (!isMerge(payload)) return;
  const waits = status === "requested" || status === "approved";
  const { mergedId, keptId } = payload;
  for (const [patientId, withId] of [
    [mergedId, keptId],
    [keptId, mergedId],
  ] as const) {
    const pending: PendingMerge = {
      approvalId,
      kind: payload.kind === "patient.merge" ? "merge" : "unmerge",
      withId,
      approved: status === "approved",
    };
    await keepBeforeMark(em, [patientId]);
    const marked: unknown[] = await em.execute(
      `update patient set merge_pending = ?::jsonb, version = version + 1
       where id = ? and (merge_pending is null or merge_pending ->> 'approvalId' = ?) returning id`,
      [waits ? JSON.stringify(pending) : null, patientId, approvalId],
    );
    if (marked.length > 0 || !waits) continue;
    const [other]: { approvalId: string }[] = await em.execute(
      `select merge_pending ->> 'approvalId' as "approvalId" from patient where id = ?`,
      [patientId],
    );
    throw new DomainError("merge_waiting", { approvalId: other?.approvalId });
  }
}
