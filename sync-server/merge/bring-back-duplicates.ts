import type { ChartList, Joinable } from "#domain/chart/index.ts";
import { isSamePerson } from "#domain/patient/index.ts";
import { allergySlice } from "#server/allergy/index.ts";
import { retireNoneKnown } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { medicationSlice } from "#server/medication/index.ts";
import { mergeLinks } from "#server/patient/index.ts";
import { problemSlice } from "#server/problem/index.ts";
import { rowAccess, type ServerSlice } from "#server/sync/slice.ts";

const joinable: readonly (readonly [table: string, ChartList, ServerSlice])[] = [
  ["allergy", "allergies", allergySlice],
  ["medication", "medications", medicationSlice],
  ["problem", "problems", problemSlice],
];

/**
 * Once two records are parted, an entry in one cannot stand for an entry in the other: what was joined across them counts
 * again where it was written, or a patient would leave without an allergy that their record had.
 */
export async function bringBackDuplicates(
  em: EntityManager,
  lastChange: Joinable["lastChange"],
): Promise<void> {
  const links = await mergeLinks(em);
  for (const [table, list, slice] of joinable) {
    const pairs: { id: string; here: string; there: string }[] = await em.execute(
      `select e.id, e.patient_id as here, kept.patient_id as there from ${table} e
       join ${table} kept on kept.id = e.duplicate_of where e.status = 'entered-in-error'`,
    );
    for (const { id, here, there } of pairs) {
      if (isSamePerson(links, here, there)) continue;
      const { load, save } = rowAccess(em, slice, id);
      const entry = (await load()) as Joinable & { version: number };
      await save({ ...entry, status: "active", duplicateOf: null, lastChange } as Joinable);
      await retireNoneKnown(em, here, list, lastChange.at);
    }
  }
}
