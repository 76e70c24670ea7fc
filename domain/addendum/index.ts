import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { addendumMutations } from "./addendum.mutations.ts";
import { addendumSchema } from "./addendum.schema.ts";

export { type Addendum, addendumSchema } from "./addendum.schema.ts";

export const addendum = defineCollection({
  name: "addendum",
  fhir: "Composition",
  schema: addendumSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "note",
  permissions: { read: "note:read", write: "note:addend" },
  mutations: addendumMutations,
  conflict: "append",
});
