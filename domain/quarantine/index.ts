import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { quarantineSchema } from "./quarantine.schema.ts";

export { type Quarantine, quarantineSchema } from "./quarantine.schema.ts";

export const quarantine = defineCollection({
  name: "quarantine",
  fhir: null,
  schema: quarantineSchema,
  stream: (row) => row.patientId && streams.chart(row.patientId),
  local: "fact",
  permissions: { read: "chart:read", write: null },
  mutations: {},
  conflict: "server",
});
