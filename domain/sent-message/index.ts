import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { sentMessageSchema } from "./sent-message.schema.ts";

export { type SentMessage, sentMessageIdOf, sentMessageSchema } from "./sent-message.schema.ts";

export const sentMessage = defineCollection({
  name: "sent-message",
  fhir: null,
  schema: sentMessageSchema,
  stream: (row) => streams.tasks(row.fromId, row.kind),
  local: "task",
  permissions: { read: "task:use", write: null },
  mutations: {},
  conflict: "server",
});
