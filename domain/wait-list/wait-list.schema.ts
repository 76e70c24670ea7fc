import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { dateSchema, instantSchema } from "../kernel/instant.ts";

/** Somebody who would come earlier if a slot came free. Administrative words only. */
export const waitListSchema = z.strictObject({
  id: idSchema,
  patientId: idSchema,
  /** Null: any clinician. */
  clinicianId: idSchema.nullable(),
  visitTypeId: idSchema,
  /** Days between which a slot is wanted. */
  from: dateSchema,
  until: dateSchema,
  note: z.string().trim().max(200),
  status: z.enum(["waiting", "booked", "removed"]),
  appointmentId: idSchema.nullable(),
  addedBy: idSchema,
  addedAt: instantSchema,
});
export type WaitListEntry = z.infer<typeof waitListSchema>;
