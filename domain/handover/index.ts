import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { handoverMutations } from "./handover.mutations.ts";
import { handoverSchema } from "./handover.schema.ts";

export { type Handover, handoverSchema } from "./handover.schema.ts";

export const handover = defineCollection({
  name: "handover",
  fhir: null,
  schema: handoverSchema,
  stream: ({ authorId, kind, closed }) => (closed ? null : streams.tasks(authorId, kind)),
  local: "task",
  permissions: { read: "handover:give", write: "handover:give" },
  mutations: handoverMutations,
  conflict: "server",
});
