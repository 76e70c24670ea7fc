import * as z from "zod";
import { roles } from "../access/roles.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** Why somebody outside the care team needs a restricted chart. The words beside it say the rest. */
export const breakGlassReasons = ["emergency", "covering", "patient-asked", "other"] as const;
export type BreakGlassReason = (typeof breakGlassReasons)[number];

/** What the privacy officer found. */
export const breakGlassOutcomes = ["justified", "not-justified"] as const;
export type BreakGlassOutcome = (typeof breakGlassOutcomes)[number];

/**
 * Somebody outside the care team opened one restricted chart for a while (C16), in one role on one device. All times are the
 * server's. `endedAt` is there once it is over, however it ended.
 */
export const breakGlassSchema = z.strictObject({
  id: idSchema,
  patientId: idSchema,
  userId: idSchema,
  deviceId: idSchema,
  role: z.enum(roles),
  reason: z.enum(breakGlassReasons),
  words: z.string().trim().min(3).max(500),
  begunAt: instantSchema,
  until: instantSchema,
  endedAt: instantSchema.nullable(),
});
export type BreakGlass = z.infer<typeof breakGlassSchema>;

/** One thing that the log holds under it: which kind of record and what was done, never what stands in it. */
export const underGlassSchema = z.strictObject({
  at: instantSchema,
  action: z.string(),
  count: z.int(),
});
export type UnderGlass = z.infer<typeof underGlassSchema>;

/** What the officer who reviews it sees of it. */
export const breakGlassReviewSchema = breakGlassSchema.extend({
  /** The end of the last working day for the review. */
  dueAt: instantSchema,
  overdue: z.boolean(),
  reviewedBy: idSchema.nullable(),
  reviewedAt: instantSchema.nullable(),
  outcome: z.enum(breakGlassOutcomes).nullable(),
  reviewNote: z.string().max(500),
  /** In the order in which it happened first. */
  under: z.array(underGlassSchema),
});
export type BreakGlassReview = z.infer<typeof breakGlassReviewSchema>;

/** What somebody says to open a chart; the password beside it is for the server alone. */
export const breakGlassRequestSchema = breakGlassSchema.pick({ id: true, reason: true, words: true });
