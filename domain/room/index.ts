import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { roomMutations } from "./room.mutations.ts";
import { roomSchema } from "./room.schema.ts";

export { type Room, roomSchema } from "./room.schema.ts";

export const room = defineCollection({
  name: "room",
  fhir: "Location",
  schema: roomSchema,
  stream: () => streams.directory,
  local: "directory",
  permissions: { read: "directory:read", write: "directory:write" },
  mutations: roomMutations,
  conflict: "server",
});
