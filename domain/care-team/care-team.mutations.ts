import { defineMutation } from "../collection.ts";
import { type CareTeam, careTeamSchema } from "./care-team.schema.ts";

const restrict = defineMutation({
  args: careTeamSchema
    .pick({ id: true, patientId: true })
    .extend({ memberIds: careTeamSchema.shape.memberIds.min(1) }),
  permission: "chart:restrict",
  audit: "chart.restricted",
  apply: (_view: CareTeam | undefined, args, stamp) => ({
    ...args,
    restricted: true,
    setBy: stamp.actor,
    setAt: stamp.at,
  }),
});

export const careTeamMutations = { restrict };
