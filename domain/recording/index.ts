import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { recordingMutations } from "./recording.mutations.ts";
import { recordingSchema } from "./recording.schema.ts";

export { recordingHash, sealedKeySchema } from "./recording.mutations.ts";
export {
  audioTypes,
  type Companion,
  companions,
  type Gap,
  gapSchema,
  type Recording,
  type RecordingPart,
  recordingPartSchema,
  recordingSchema,
  sha256Schema,
} from "./recording.schema.ts";

export const recording = defineCollection({
  name: "recording",
  fhir: "Media",
  schema: recordingSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "recording",
  permissions: { read: "ai:read", write: "ai:record" },
  mutations: recordingMutations,
  conflict: "append",
});
