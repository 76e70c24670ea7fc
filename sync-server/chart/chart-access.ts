import { mayOpenChart } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import type { EntityManager } from "#server/database/database.ts";

/** Which of these patients have a restricted chart, and who treats them. */
export async function restrictedCharts(
  em: EntityManager,
  patientIds: readonly string[],
): Promise<Map<string, readonly string[]>> {
  if (patientIds.length === 0) return new Map();
  const rows: { patient_id: string; member_ids: string[] }[] = await em.execute(
    "select patient_id, member_ids from care_team where restricted and patient_id = any(?::uuid[])",
    [`{${patientIds.join(",")}}`],
  );
  return new Map(rows.map((row) => [row.patient_id, row.member_ids]));
}

/** @throws {DomainError} chart_restricted for somebody outside the care team of a restricted chart */
export async function assertChartOpen(em: EntityManager, userId: string, patientId: string): Promise<void> {
  const restricted = await restrictedCharts(em, [patientId]);
  if (!mayOpenChart(userId, restricted.get(patientId))) throw new DomainError("chart_restricted");
}
