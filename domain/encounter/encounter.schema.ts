import * as z from "zod";
import { deriveId, idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** The header of a visit: who, with whom, when. Everything clinical about it lives in the chart's stream. */
export const encounterSchema = z.strictObject({
  id: idSchema,
  appointmentId: idSchema,
  patientId: idSchema,
  clinicianId: idSchema,
  status: z.enum(["in-progress", "finished"]),
  startedAt: instantSchema,
  finishedAt: instantSchema.nullable(),
});
export type Encounter = z.infer<typeof encounterSchema>;

/** One encounter per appointment, with the same id on every tablet that starts it offline. */
export const encounterIdOf = (appointmentId: string): string => deriveId("encounter", appointmentId);
