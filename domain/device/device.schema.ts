import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** What people call a device: where it stands or whose it is, never a patient. */
export const deviceNameSchema = z.string().trim().min(2).max(80);

/** A browser profile that is enrolled at the practice. */
export const deviceSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(80),
  status: z.enum(["enrolled", "revoked"]),
  enrolledAt: instantSchema,
  lastSeenAt: instantSchema.nullable(),
  /** When the clinic asked it to destroy what can be read on it, and who asked. It is revoked since then. */
  wipeAskedAt: instantSchema.nullable(),
  wipeAskedBy: idSchema.nullable(),
  /** When it said that it had done so. */
  wipedAt: instantSchema.nullable(),
  /** Changes and recordings that it has not delivered yet, as it last said. */
  wipeLeft: z.int().min(0).nullable(),
});
export type Device = z.infer<typeof deviceSchema>;
