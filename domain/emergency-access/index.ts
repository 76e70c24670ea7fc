import { defineCollection } from "../collection.ts";
import { emergencyAccessMutations } from "./emergency-access.mutations.ts";
import { emergencyAccessSchema } from "./emergency-access.schema.ts";

export {
  type CardOpened,
  type EmergencyAccess,
  type EmergencyReview,
  emergencyAccessSchema,
  emergencyReviewSchema,
} from "./emergency-access.schema.ts";
export {
  type EmergencyUse,
  emergencyEnd,
  emergencyLeft,
  emergencyLimits,
  emergencyUntil,
} from "./emergency-time.ts";

export const emergencyAccess = defineCollection({
  name: "emergency-access",
  fhir: null,
  schema: emergencyAccessSchema,
  // Only the privacy officer reads it, at the clinic.
  stream: () => null,
  local: null,
  permissions: { read: "emergency:review", write: "emergency:begin" },
  mutations: emergencyAccessMutations,
  conflict: "append",
});
