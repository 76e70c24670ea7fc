import { type CareTeam, careTeam, careTeamIdOf } from "#domain/care-team/index.ts";
import type { Row } from "#domain/collection.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { recordsOf } from "#domain/patient/index.ts";
import { isChartOpen, refreshSafetyCard } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { mergeLinks } from "#server/patient/index.ts";
import { defineSlice, rowAccess, type ServerSlice } from "#server/sync/slice.ts";
import { CareTeamEntity } from "./care-team.entity.ts";

/**
 * A chart of several records is open to whoever is in the team of each (C07): somebody taken into the team of the person
 * joins those that the other records have. Whoever leaves it needs to leave one.
 */
async function admit(
  em: EntityManager,
  patientId: string,
  { id, memberIds }: Pick<CareTeam, "id" | "memberIds">,
) {
  for (const record of recordsOf(await mergeLinks(em), patientId)) {
    const other = careTeamIdOf(record);
    if (other === id) continue;
    const { load, save } = rowAccess(em, careTeamSlice, other);
    const team = (await load()) as (CareTeam & { version: number }) | undefined;
    if (team?.restricted)
      await save({ ...team, memberIds: [...new Set([...team.memberIds, ...memberIds])] } as Row);
  }
}

export const careTeamSlice: ServerSlice = defineSlice({
  collection: careTeam,
  entity: CareTeamEntity,
  history: true,
  handlers: {
    /** The one who restricts a chart stays in its team: nobody locks themselves out by a slip. */
    restrict: async ({ tx, args, user, load, apply, save }) => {
      if (args.id !== careTeamIdOf(args.patientId))
        throw new DomainError("invalid_arguments", {
          field: "id",
          problem: "does not follow from the patient",
        });
      // Who broke the glass reads for a while, and does not make it for good.
      if (!(await isChartOpen(tx.em, user.id, args.patientId))) throw new DomainError("chart_restricted");
      if (!args.memberIds.includes(user.id))
        throw new DomainError("invalid_arguments", { field: "memberIds", problem: "must name you too" });
      const known: { id: string }[] = await tx.em.execute("select id from staff where id = any(?::uuid[])", [
        `{${args.memberIds.join(",")}}`,
      ]);
      if (known.length !== new Set(args.memberIds).size) throw new DomainError("missing_parent");
      await save(apply(await load())!);
      await admit(tx.em, args.patientId, args);
      refreshSafetyCard(tx, args.patientId);
    },
  },
});
