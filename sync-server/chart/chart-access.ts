import { mayOpenChart } from "#domain/access/scope.ts";
import { readersOf } from "#domain/care-team/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { type MergeLinks, recordsOf } from "#domain/patient/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { mergeLinks } from "#server/patient/index.ts";

/**
 * Which of these patients have a restricted chart, and who treats them. A chart of several records is restricted when one
 * of them is, and open to whoever is in the care team of each that is (C07).
 */
export async function restrictedCharts(
  em: EntityManager,
  patientIds: readonly string[],
  links?: MergeLinks,
): Promise<Map<string, readonly string[]>> {
  if (patientIds.length === 0) return new Map();
  const known = links ?? (await mergeLinks(em));
  const records = new Map(patientIds.map((id) => [id, recordsOf(known, id)]));
  const teams: { patient_id: string; member_ids: string[] }[] = await em.execute(
    "select patient_id, member_ids from care_team where restricted and patient_id = any(?::uuid[])",
    [`{${[...new Set([...records.values()].flat())].join(",")}}`],
  );
  const restricted = new Map<string, readonly string[]>();
  for (const [id, ids] of records) {
    const readers = readersOf(
      teams
        .filter((team) => ids.includes(team.patient_id))
        .map(({ member_ids: memberIds }) => ({ restricted: true, memberIds })),
    );
    if (readers) restricted.set(id, readers);
  }
  return restricted;
}

/** @throws {DomainError} chart_restricted for somebody outside the care team of a restricted chart */
export async function assertChartOpen(em: EntityManager, userId: string, patientId: string): Promise<void> {
  const restricted = await restrictedCharts(em, [patientId]);
  if (!mayOpenChart(userId, restricted.get(patientId))) throw new DomainError("chart_restricted");
}
