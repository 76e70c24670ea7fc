import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { safetyCardSchema } from "./safety-card.schema.ts";

export { type SafetyCard, safetyCardIdOf, safetyCardSchema } from "./safety-card.schema.ts";

export const safetyCard = defineCollection({
  name: "safety-card",
  fhir: null,
  schema: safetyCardSchema,
  stream: (row) => (row.restricted ? streams.chart(row.patientId) : streams.safety),
  local: "safety",
  permissions: { read: "chart:read", write: null },
  mutations: {},
  conflict: "server",
});
