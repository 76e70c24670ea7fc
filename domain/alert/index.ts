import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { alertMutations } from "./alert.mutations.ts";
import { alertSchema } from "./alert.schema.ts";

export { type Alert, alertSchema } from "./alert.schema.ts";

export const alert = defineCollection({
  name: "alert",
  fhir: "Flag",
  schema: alertSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "fact",
  permissions: { read: "chart:read", write: "chart:write" },
  mutations: alertMutations,
  conflict: "additions",
});
