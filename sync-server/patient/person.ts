import { isSamePerson, type MergeLinks, mergeLinksOf, survivorOf } from "#domain/patient/index.ts";
import type { EntityManager } from "#server/database/database.ts";

/** Key of the advisory lock that puts merges and pushes in an order. */
const MERGES = "hashtext('jamemr merge')";

/** Every merged record and where it points, as it stands now. */
export async function mergeLinks(em: EntityManager): Promise<MergeLinks> {
  const rows: { id: string; mergedInto: string }[] = await em.execute(
    'select id, merged_into as "mergedInto" from patient where merged_into is not null',
  );
  return mergeLinksOf(rows);
}

/**
 * The links, which then stay as they are until the caller's transaction ends: work that is under way when two records
 * are merged or parted is either done before or sees the new link, never half of each. Pushes do not wait for each other.
 */
export async function holdMergeLinks(em: EntityManager): Promise<MergeLinks> {
  await em.execute(`select pg_advisory_xact_lock_shared(${MERGES})`);
  return mergeLinks(em);
}

/** Waits for the pushes under way and holds up new ones until the caller's transaction ends. */
export const lockMerges = async (em: EntityManager): Promise<void> => {
  await em.execute(`select pg_advisory_xact_lock(${MERGES})`);
};

/** Whether two ids name one person: the same record, or records that were merged (C07). */
export const samePerson = async (em: EntityManager, a: string, b: string): Promise<boolean> =>
  a === b || isSamePerson(await mergeLinks(em), a, b);

/**
 * Puts transactions that change one person's chart in an order: the second waits, and what it reads afterwards holds what
 * the first wrote. Without it each of two that run at once works from a chart that lacks the other's entry.
 */
export async function lockPeople(
  em: EntityManager,
  links: MergeLinks,
  patientIds: readonly string[],
): Promise<void> {
  const survivors = new Set(patientIds.map((id) => survivorOf(links, id)));
  await em.execute("select 1 from patient where id = any(?::uuid[]) order by id for no key update", [
    `{${[...survivors].join(",")}}`,
  ]);
}
