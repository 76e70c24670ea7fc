import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

export const appointmentStatuses = [
  "booked",
  "confirmed",
  "arrived",
  "roomed",
  "done",
  "no-show",
  "cancelled",
] as const;
export type AppointmentStatus = (typeof appointmentStatuses)[number];

export const appointmentSchema = z.strictObject({
  id: idSchema,
  patientId: idSchema,
  clinicianId: idSchema,
  visitTypeId: idSchema,
  start: instantSchema,
  minutes: z.int().min(5).max(60).multipleOf(5),
  /** 0 for a normal slot; a higher lane is a deliberate overbooking. */
  lane: z.int().min(0).max(9),
  status: z.enum(appointmentStatuses),
  /** Administrative words only: why it was booked, never the clinical reason. */
  reason: z.string().trim().max(200),
  /** The room the patient waits in or is seen in. */
  roomId: idSchema.nullable(),
  /** Came without an appointment. */
  walkIn: z.boolean(),
  /** Why a taken time was booked on purpose (C21); empty for a normal slot. */
  overbookReason: z.string().trim().max(200),
  cancelReason: z.string().trim().max(200),
  /** Who moved it to which status, and when. `undone`: back to it, because the step after it was a mistake. */
  trail: z.array(
    z.strictObject({
      status: z.enum(appointmentStatuses),
      at: instantSchema,
      by: idSchema,
      undone: z.literal(true).optional(),
    }),
  ),
});
export type Appointment = z.infer<typeof appointmentSchema>;
