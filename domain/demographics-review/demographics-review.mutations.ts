import { defineMutation } from "../collection.ts";
import {
  type DemographicsReview,
  demographicsReviewSchema,
  demographicValueSchema,
} from "./demographics-review.schema.ts";

/** Leaves what the record holds, or puts the other value there. `seen` is what it held on the screen. */
const decide = defineMutation({
  args: demographicsReviewSchema.pick({ id: true }).extend({
    decision: demographicsReviewSchema.shape.decision.unwrap(),
    seen: demographicValueSchema,
  }),
  permission: "demographics:write",
  audit: "patient.value_decided",
  apply: (view: DemographicsReview | undefined, { decision }, stamp) =>
    view && view.decision === null
      ? { ...view, decision, decidedBy: stamp.actor, decidedAt: stamp.at }
      : view,
});

export const demographicsReviewMutations = { decide };
