import * as z from "zod";
import { factFields, factNote, moveSchema } from "../chart/index.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** One measured value, in the canonical unit of its LOINC code. */
export const measurementSchema = z.strictObject({
  /** LOINC. */
  code: z.string().max(12),
  value: z.number(),
  /** UCUM. */
  unit: z.string().max(20),
  /** The person confirmed a value outside the plausible range with a second tap (C15). */
  confirmed: z.boolean(),
});
export type Measurement = z.infer<typeof measurementSchema>;

/** A set of vital signs taken together. It never changes: a correction is a new set, and this one entered in error. */
export const vitalsSchema = z.strictObject({
  ...factFields,
  takenAt: instantSchema,
  measurements: z.array(measurementSchema).min(1).max(20),
  position: z.enum(["sitting", "standing", "lying", "unknown"]),
  status: z.enum(["final", "entered-in-error"]),
  /** Why it was in error, and the set that replaces it. */
  statusReason: factNote,
  replacedBy: idSchema.nullable(),
  moves: z.array(moveSchema).max(20),
  note: factNote,
});
export type Vitals = z.infer<typeof vitalsSchema>;
