import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { staffMutations } from "./staff.mutations.ts";
import { staffSchema } from "./staff.schema.ts";

export { type Staff, staffSchema } from "./staff.schema.ts";

export const staff = defineCollection({
  name: "staff",
  fhir: "Practitioner",
  schema: staffSchema,
  stream: () => streams.directory,
  local: "directory",
  permissions: { read: "directory:read", write: null },
  mutations: staffMutations,
  conflict: "server",
});
