import { chartLists } from "#domain/chart/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { noneKnown, noneKnownIdOf } from "#domain/none-known/index.ts";
import { recordsOf } from "#domain/patient/index.ts";
import { refreshSafetyCard, retireNoneKnown } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { lockPeople, mergeLinks } from "#server/patient/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { NoneKnownEntity } from "./none-known.entity.ts";

const tables = { allergies: "allergy", medications: "medication", problems: "problem" } as const;

/** "None known" and an entry are never both shown: the assertion is refused while an entry stands (C02). */
async function assertEmpty(em: EntityManager, patientId: string, list: keyof typeof tables): Promise<void> {
  const links = await mergeLinks(em);
  await lockPeople(em, links, [patientId]);
  const standing: unknown[] = await em.execute(
    `select 1 from ${tables[list]} where patient_id = any(?::uuid[]) and status = 'active' limit 1`,
    [`{${recordsOf(links, patientId).join(",")}}`],
  );
  if (standing.length > 0) throw new DomainError("already_exists");
}

export const noneKnownSlice = defineSlice({
  collection: noneKnown,
  entity: NoneKnownEntity,
  history: true,
  handlers: {
    assert: async ({ tx, args, load, apply, save }) => {
      if (args.id !== noneKnownIdOf(args.patientId, args.list))
        throw new DomainError("invalid_arguments", {
          field: "id",
          problem: "does not follow from the patient",
        });
      await assertEmpty(tx.em, args.patientId, args.list);
      await save(apply(await load())!);
      refreshSafetyCard(tx, args.patientId);
    },
    /** What is taken back is what the person saw: of several records, the assertion that stands for all of them (C07). */
    retire: async ({ tx, args, stamp, load, apply, save }) => {
      const records = recordsOf(await mergeLinks(tx.em), args.patientId);
      const list = chartLists.find((one) => records.some((id) => noneKnownIdOf(id, one) === args.id));
      if (!list) throw new DomainError("missing_parent");
      const present = await load();
      if (present) await save(apply(present)!);
      const ids = records.map((id) => noneKnownIdOf(id, list));
      const known = await tx.em.count(NoneKnownEntity, { id: { $in: ids } });
      if (known === 0) throw new DomainError("missing_parent");
      await retireNoneKnown(tx.em, args.patientId, list, stamp.at);
      refreshSafetyCard(tx, args.patientId);
    },
  },
});
