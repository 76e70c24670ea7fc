import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { noneKnownMutations } from "./none-known.mutations.ts";
import { noneKnownSchema } from "./none-known.schema.ts";

export { type NoneKnown, noneKnownIdOf, noneKnownSchema } from "./none-known.schema.ts";

export const noneKnown = defineCollection({
  name: "none-known",
  fhir: "List",
  schema: noneKnownSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "fact",
  permissions: { read: "chart:read", write: "chart:write" },
  mutations: noneKnownMutations,
  conflict: "server",
});
