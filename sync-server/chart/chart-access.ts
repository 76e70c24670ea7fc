import { mayOpenChart } from "#domain/access/scope.ts";
import type { GlassReader } from "#domain/break-glass/index.ts";
import { readersOf } from "#domain/care-team/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { type MergeLinks, recordsOf } from "#domain/patient/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { mergeLinks } from "#server/patient/index.ts";
import { brokenGlass, glassAt } from "./broken-glass.ts";

/** A care team of a restricted chart. */
export interface RestrictedTeam {
  readonly patientId: string;
  readonly memberIds: string[];
}

/**
 * Which of these patients have a restricted chart, and who treats them. A chart of several records is restricted when one
 * of them is, and open to whoever is in the care team of each that is (C07).
 */
export function restrictedAmong(
  patientIds: Iterable<string>,
  links: MergeLinks,
  teams: readonly RestrictedTeam[],
): Map<string, readonly string[]> {
  const restricted = new Map<string, readonly string[]>();
  if (teams.length === 0) return restricted;
  for (const id of patientIds) {
    const ids = recordsOf(links, id);
    const readers = readersOf(
      teams
        .filter(({ patientId }) => ids.includes(patientId))
        .map(({ memberIds }) => ({ restricted: true, memberIds })),
    );
    if (readers) restricted.set(id, readers);
  }
  return restricted;
}

/** {@link restrictedAmong} with what the database says now. */
export async function restrictedCharts(
  em: EntityManager,
  patientIds: readonly string[],
  links?: MergeLinks,
): Promise<Map<string, readonly string[]>> {
  if (patientIds.length === 0) return new Map();
  const known = links ?? (await mergeLinks(em));
  const records = new Set(patientIds.flatMap((id) => recordsOf(known, id)));
  const teams: RestrictedTeam[] = await em.execute(
    `select patient_id as "patientId", member_ids as "memberIds" from care_team
     where restricted and patient_id = any(?::uuid[])`,
    [`{${[...records].join(",")}}`],
  );
  return restrictedAmong(patientIds, known, teams);
}

/** Whether the chart is this person's without more: it is not restricted, or they are in its care team. */
export async function isChartOpen(em: EntityManager, userId: string, patientId: string): Promise<boolean> {
  const restricted = await restrictedCharts(em, [patientId]);
  return mayOpenChart(userId, restricted.get(patientId));
}

/**
 * The chart is this person's, or they broke its glass: in this role, on this device, by the server's clock.
 * @param toldAt when something happened that a device only tells of: an opening is judged by the moment that it claims
 * @returns the break-glass access without which the chart would be shut; null where none is needed
 * @throws {DomainError} chart_restricted
 */
export async function assertChartOpen(
  em: EntityManager,
  reader: GlassReader,
  patientId: string,
  toldAt?: string,
): Promise<string | null> {
  const links = await mergeLinks(em);
  const restricted = await restrictedCharts(em, [patientId], links);
  const careTeam = restricted.get(patientId);
  if (mayOpenChart(reader.id, careTeam)) return null;
  const records = recordsOf(links, patientId);
  const broken = await brokenGlass(em, reader);
  const glass =
    broken.find((one) => records.includes(one.patientId))?.id ??
    (toldAt === undefined ? null : await glassAt(em, reader, records, toldAt));
  if (!mayOpenChart(reader.id, careTeam, glass !== null)) throw new DomainError("chart_restricted");
  return glass;
}
