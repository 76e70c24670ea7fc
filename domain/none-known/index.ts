import { streams } from "../access/scope.ts";
import { chartLists } from "../chart/index.ts";
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
  idFor: ({ id, patientId, list }, named) => {
    const said =
      listSchema.safeParse(list).data ?? chartLists.find((one) => noneKnownIdOf(named, one) === id);
    return said ? noneKnownIdOf(patientId, said) : null;
  },
  permissions: { read: "chart:read", write: "chart:write" },
  mutations: noneKnownMutations,
  conflict: "server",
});
