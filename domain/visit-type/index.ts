import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { visitTypeMutations } from "./visit-type.mutations.ts";
import { visitTypeSchema } from "./visit-type.schema.ts";

export { type VisitType, visitTypeSchema } from "./visit-type.schema.ts";

export const visitType = defineCollection({
  name: "visit-type",
  fhir: "HealthcareService",
  schema: visitTypeSchema,
  stream: () => streams.directory,
  local: "directory",
  permissions: { read: "directory:read", write: "directory:write" },
  mutations: visitTypeMutations,
  conflict: "server",
});
