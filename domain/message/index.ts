import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { messageMutations } from "./message.mutations.ts";
import { messageSchema } from "./message.schema.ts";

export { type Message, messageSchema } from "./message.schema.ts";

export const message = defineCollection({
  name: "message",
  fhir: "Communication",
  schema: messageSchema,
  stream: (row) => streams.tasks(row.toId ?? row.pool ?? "nobody", row.kind),
  local: "task",
  permissions: { read: "task:use", write: "message:send" },
  mutations: messageMutations,
  conflict: "append",
});
