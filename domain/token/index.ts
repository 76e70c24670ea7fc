import { defineCollection } from "../collection.ts";
import { tokenSchema } from "./token.schema.ts";

export { type Token, tokenSchema } from "./token.schema.ts";

export const token = defineCollection({
  name: "token",
  fhir: null,
  schema: tokenSchema,
  stream: () => null,
  local: null,
  permissions: { read: "token:read", write: "token:revoke" },
  mutations: {},
  conflict: "server",
});
