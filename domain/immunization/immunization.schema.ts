import * as z from "zod";
import { factFields, factNote } from "../chart/index.ts";
import { dateSchema } from "../kernel/instant.ts";

/** A vaccine that was given, here or elsewhere. */
export const immunizationSchema = z.strictObject({
  ...factFields,
  /** CVX; null when only words are known. */
  cvx: z.string().max(6).nullable(),
  vaccine: z.string().trim().min(1).max(120),
  givenOn: dateSchema,
  /** Given here, or told by the patient or a record from elsewhere. */
  source: z.enum(["given-here", "record", "told"]),
  lot: z.string().trim().max(40),
  site: z.string().trim().max(40),
  status: z.enum(["completed", "entered-in-error"]),
  note: factNote,
});
export type Immunization = z.infer<typeof immunizationSchema>;
