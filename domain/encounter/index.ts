import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { encounterMutations } from "./encounter.mutations.ts";
import { encounterSchema } from "./encounter.schema.ts";

export { type Encounter, encounterIdOf, encounterSchema } from "./encounter.schema.ts";

export const encounter = defineCollection({
  name: "encounter",
  fhir: "Encounter",
  schema: encounterSchema,
  stream: () => streams.schedule,
  local: "encounter",
  permissions: { read: "encounter:read", write: "encounter:write" },
  mutations: encounterMutations,
  conflict: "server",
});
