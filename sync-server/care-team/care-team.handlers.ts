import { careTeam, careTeamIdOf } from "#domain/care-team/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { refreshSafetyCard } from "#server/chart/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { CareTeamEntity } from "./care-team.entity.ts";

export const careTeamSlice = defineSlice({
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
      if (!args.memberIds.includes(user.id))
        throw new DomainError("invalid_arguments", { field: "memberIds", problem: "must name you too" });
      const known: { id: string }[] = await tx.em.execute("select id from staff where id = any(?::uuid[])", [
        `{${args.memberIds.join(",")}}`,
      ]);
      if (known.length !== new Set(args.memberIds).size) throw new DomainError("missing_parent");
      await save(apply(await load())!);
      refreshSafetyCard(tx, args.patientId);
    },
  },
});
