import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { vitalsMutations } from "./vitals.mutations.ts";
import { vitalsSchema } from "./vitals.schema.ts";

export { type Measurement, measurementSchema, type Vitals, vitalsSchema } from "./vitals.schema.ts";

export const vitals = defineCollection({
  name: "vitals",
  fhir: "Observation",
  schema: vitalsSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "fact",
  permissions: { read: "chart:read", write: "chart:write" },
  mutations: vitalsMutations,
  conflict: "facts",
});
