import { DomainError } from "#domain/errors/catalog.ts";
import { noneKnown, noneKnownIdOf } from "#domain/none-known/index.ts";
import { recordsOf } from "#domain/patient/index.ts";
import { refreshSafetyCard } from "#server/chart/index.ts";
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
    retire: async ({ tx, args, load, apply, save }) => {
      const present = await load();
      if (present?.patientId !== args.patientId) throw new DomainError("missing_parent");
      await save(apply(present)!);
      refreshSafetyCard(tx, args.patientId);
    },
  },
});
