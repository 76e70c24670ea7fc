import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { dateSchema } from "../kernel/instant.ts";

export const sexes = ["female", "male", "other", "unknown"] as const;

/** Demographics. Nothing clinical may ever be added here: the front desk holds these rows. */
export const patientSchema = z.strictObject({
  id: idSchema,
  /** The practice's number, given by the server; null while a registration waits on a tablet. */
  recordNumber: z.string().max(20).nullable(),
  givenName: z.string().trim().min(1).max(80),
  familyName: z.string().trim().min(1).max(80),
  preferredName: z.string().trim().max(80),
  birthDate: dateSchema,
  sex: z.enum(sexes),
  phone: z.string().trim().max(30),
  active: z.boolean(),
});
export type Patient = z.infer<typeof patientSchema>;
