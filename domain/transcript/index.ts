import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { transcriptRowSchema } from "./transcript.schema.ts";

export { evidenceRef, type TranscriptRow, transcriptIdOf, transcriptRowSchema } from "./transcript.schema.ts";

export const transcript = defineCollection({
  name: "transcript",
  fhir: "DocumentReference",
  schema: transcriptRowSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "recording",
  permissions: { read: "ai:read", write: null },
  mutations: {},
  conflict: "append",
});
