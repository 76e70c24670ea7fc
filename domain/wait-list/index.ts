import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { waitListMutations } from "./wait-list.mutations.ts";
import { waitListSchema } from "./wait-list.schema.ts";

export { type WaitListEntry, waitListSchema } from "./wait-list.schema.ts";

export const waitList = defineCollection({
  name: "wait-list",
  fhir: "Appointment",
  schema: waitListSchema,
  stream: () => streams.schedule,
  local: "appointment",
  permissions: { read: "schedule:read", write: "schedule:write" },
  mutations: waitListMutations,
  conflict: "server",
});
