import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { breakGlassMutations } from "./break-glass.mutations.ts";
import { breakGlassSchema } from "./break-glass.schema.ts";

export {
  type BreakGlass,
  type BreakGlassOutcome,
  type BreakGlassReason,
  type BreakGlassReview,
  breakGlassOutcomes,
  breakGlassReasons,
  breakGlassRequestSchema,
  breakGlassReviewSchema,
  breakGlassSchema,
  type UnderGlass,
  underGlassSchema,
} from "./break-glass.schema.ts";
export {
  breakGlassEnd,
  breakGlassLimits,
  type GlassReader,
  isGlassBroken,
  reviewDue,
} from "./break-glass-time.ts";

export const breakGlass = defineCollection({
  name: "break-glass",
  fhir: null,
  schema: breakGlassSchema,
  // The person's own tablets know of it while it runs; the privacy officer reads it at the clinic.
  stream: ({ userId, endedAt }) => (endedAt === null ? streams.tasks(userId, "clinical") : null),
  local: "task",
  permissions: { read: "chart:open", write: "break-glass:begin" },
  mutations: breakGlassMutations,
  conflict: "server",
});
