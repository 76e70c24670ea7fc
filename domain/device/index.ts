import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { deviceSchema } from "./device.schema.ts";

export { type Device, deviceNameSchema, deviceSchema } from "./device.schema.ts";

export const device = defineCollection({
  name: "device",
  fhir: "Device",
  schema: deviceSchema,
  stream: () => streams.ops,
  local: "ops",
  permissions: { read: "device:read", write: "device:revoke" },
  mutations: {},
  conflict: "server",
});
