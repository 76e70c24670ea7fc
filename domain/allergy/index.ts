import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { allergyMutations } from "./allergy.mutations.ts";
import { allergySchema } from "./allergy.schema.ts";

export {
  type Allergy,
  allergySchema,
  allergySeverities,
  allergyStatuses,
  isCurrentAllergy,
  isSameAllergy,
} from "./allergy.schema.ts";

export const allergy = defineCollection({
  name: "allergy",
  fhir: "AllergyIntolerance",
  schema: allergySchema,
  stream: (row) => streams.chart(row.patientId),
  local: "fact",
  permissions: { read: "chart:read", write: "chart:write" },
  mutations: allergyMutations,
  conflict: "additions",
});
