import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** A free time that one desk's device may promise while it cannot ask the clinic. */
export const slotLeaseSchema = z.strictObject({
  id: idSchema,
  clinicianId: idSchema,
  start: instantSchema,
  minutes: z.int().min(5).max(60).multipleOf(5),
  /** A normal lane, never one of deliberate overbooking. */
  lane: z.int().min(0).max(9),
  deviceId: idSchema,
  /** The device's offline time ends then, and with it what it holds. */
  until: instantSchema,
  status: z.enum(["held", "used", "ended"]),
});
export type SlotLease = z.infer<typeof slotLeaseSchema>;
