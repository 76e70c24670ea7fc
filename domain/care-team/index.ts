import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { careTeamMutations } from "./care-team.mutations.ts";
import { careTeamIdOf, careTeamSchema } from "./care-team.schema.ts";

export { type CareTeam, careTeamIdOf, careTeamSchema, readersOf } from "./care-team.schema.ts";

export const careTeam = defineCollection({
  name: "care-team",
  fhir: "CareTeam",
  schema: careTeamSchema,
  stream: () => streams.safety,
  local: "safety",
  idFor: ({ patientId }) => careTeamIdOf(patientId),
  permissions: { read: "chart:read", write: "chart:restrict" },
  mutations: careTeamMutations,
  conflict: "server",
});
