import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { captureMutations } from "./capture.mutations.ts";
import { captureSchema } from "./capture.schema.ts";

export { type BegunSound, begunSoundOf } from "./begun-sound.ts";
export { newSalt } from "./capture.mutations.ts";
export { type Capture, captureSchema, soundIdOf } from "./capture.schema.ts";

export const capture = defineCollection({
  name: "capture",
  fhir: "DocumentReference",
  schema: captureSchema,
  stream: ({ status, patientId }) =>
    status === "waiting" ? streams.intake : patientId && streams.chart(patientId),
  local: "note",
  permissions: { read: "capture:match", write: "capture:write" },
  mutations: captureMutations,
  conflict: "server",
});
