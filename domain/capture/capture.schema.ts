import * as z from "zod";
import { roles } from "../access/roles.ts";
import { deriveId, idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";
import { recordingSchema } from "../recording/index.ts";

/** What was said, before anybody knows whose visit it was. */
const soundSchema = recordingSchema
  .pick({ consent: true, startedAt: true, endedAt: true, parts: true, gaps: true, sha256: true })
  .extend({
    /** Every part of it is at the clinic. */
    stored: z.boolean(),
  });

/**
 * What somebody wrote or said on a tablet that shows no records any more (C23): it waits unassigned until a person
 * matches it to a patient. Its author's name stays on it.
 */
export const captureSchema = z.strictObject({
  id: idSchema,
  authorId: idSchema,
  role: z.enum(roles),
  /** Who or what it is about, in free words: nothing is looked up. */
  label: z.string().trim().max(120),
  text: z.string().max(20_000),
  sound: soundSchema.nullable(),
  writtenAt: instantSchema,
  changedAt: instantSchema,
  status: z.enum(["waiting", "matched", "discarded"]),
  patientId: idSchema.nullable(),
  encounterId: idSchema.nullable(),
  decidedBy: idSchema.nullable(),
  decidedAt: instantSchema.nullable(),
  /** Why it was discarded. */
  reason: z.string().trim().max(500),
});
export type Capture = z.infer<typeof captureSchema>;

/** The id of its sound: on the tablet, as it is sent and kept, and as the visit's recording that it becomes. */
export const soundIdOf = (captureId: string): string => deriveId("capture-sound", captureId);
