import * as z from "zod";
import { deriveId, idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";
import {
  contactSchema,
  type DemographicField,
  type Demographics,
  demographicFields,
} from "../patient/index.ts";

/** What a field of the demographics may hold: text, whether an interpreter is needed, or the contacts. */
export const demographicValueSchema = z.union([
  z.string().max(200),
  z.boolean(),
  z.array(contactSchema).max(10),
]);
export type DemographicValue = Demographics[DemographicField];

/** A value with whose it is. Who entered one before the clinic kept track is not known. */
export const enteredValueSchema = z.strictObject({
  value: demographicValueSchema,
  by: idSchema.nullable(),
  at: instantSchema.nullable(),
});

/** Two people entered different values in one field without seeing each other's: both, until somebody decides. */
export const demographicsReviewSchema = z.strictObject({
  id: idSchema,
  patientId: idSchema,
  field: z.enum(demographicFields),
  /** What the record held when the question arose, and holds until it is changed. */
  standing: enteredValueSchema,
  other: enteredValueSchema,
  decision: z.enum(["keep", "take"]).nullable(),
  decidedBy: idSchema.nullable(),
  decidedAt: instantSchema.nullable(),
});
export type DemographicsReview = z.infer<typeof demographicsReviewSchema>;

/** A change raises one question about a field, however often it arrives. */
export const demographicsReviewIdOf = (mutationId: string, field: string): string =>
  deriveId("demographics-review", mutationId, field);
