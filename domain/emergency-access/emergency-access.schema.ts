import * as z from "zod";
import { roles } from "../access/roles.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/**
 * Somebody read without the clinic after the offline time had ended (C23). `userId`, `role` and the two times are what the
 * device says; `until` is the end of this access at the latest.
 */
export const emergencyAccessSchema = z.strictObject({
  id: idSchema,
  userId: idSchema,
  deviceId: idSchema.nullable(),
  role: z.enum(roles),
  reason: z.string().trim().min(3).max(500),
  begunAt: instantSchema,
  until: instantSchema,
  reviewedBy: idSchema.nullable(),
  reviewedAt: instantSchema.nullable(),
  reviewNote: z.string().max(500),
});
export type EmergencyAccess = z.infer<typeof emergencyAccessSchema>;

/** Whose safety card was opened, and when first, by the device's clock. */
export const cardOpenedSchema = z.strictObject({ id: idSchema, at: instantSchema });
export type CardOpened = z.infer<typeof cardOpenedSchema>;

/** What the officer who reviews it sees of it. */
export const emergencyReviewSchema = emergencyAccessSchema.extend({ patients: z.array(cardOpenedSchema) });
export type EmergencyReview = z.infer<typeof emergencyReviewSchema>;
