import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { demographicsReviewMutations } from "./demographics-review.mutations.ts";
import { demographicsReviewSchema } from "./demographics-review.schema.ts";

export {
  type DemographicsReview,
  type DemographicValue,
  demographicsReviewIdOf,
  demographicsReviewSchema,
} from "./demographics-review.schema.ts";

export const demographicsReview = defineCollection({
  name: "demographics-review",
  fhir: null,
  schema: demographicsReviewSchema,
  stream: () => streams.demographics,
  local: "patient",
  permissions: { read: "demographics:read", write: "demographics:write" },
  mutations: demographicsReviewMutations,
  conflict: "server",
});
