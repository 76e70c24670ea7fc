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
