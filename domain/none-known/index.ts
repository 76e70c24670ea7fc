import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { noneKnownMutations } from "./none-known.mutations.ts";
import { noneKnownIdOf, noneKnownSchema } from "./none-known.schema.ts";

export { type NoneKnown, noneKnownIdOf, noneKnownSchema } from "./none-known.schema.ts";

const listSchema = noneKnownSchema.shape.list;

export const noneKnown = defineCollection({
  name: "none-known",
  fhir: "List",
  schema: noneKnownSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "fact",
  idFor: ({ patientId, list }) => {
    const named = listSchema.safeParse(list);
    return named.success ? noneKnownIdOf(patientId, named.data) : null;
  },
  permissions: { read: "chart:read", write: "chart:write" },
  mutations: noneKnownMutations,
  conflict: "server",
});
