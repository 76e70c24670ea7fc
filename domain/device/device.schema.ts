import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** A browser profile that is enrolled at the practice. */
export const deviceSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(80),
  status: z.enum(["enrolled", "revoked"]),
  enrolledAt: instantSchema,
  lastSeenAt: instantSchema.nullable(),
});
export type Device = z.infer<typeof deviceSchema>;
