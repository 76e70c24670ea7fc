import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { immunizationMutations } from "./immunization.mutations.ts";
import { immunizationSchema } from "./immunization.schema.ts";

export { type Immunization, immunizationSchema } from "./immunization.schema.ts";

export const immunization = defineCollection({
  name: "immunization",
  fhir: "Immunization",
  schema: immunizationSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "fact",
  permissions: { read: "chart:read", write: "chart:write" },
  mutations: immunizationMutations,
  conflict: "facts",
});
