import * as z from "zod";
import { gapSchema, modelSchema, noteDraftSchema, segmentSchema } from "../ai/draft.ts";
import { deriveId, idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/**
 * What was said, and the note draft made from it. Segments and draft are stored sealed under the visit's key, so that
 * destroying that key reaches them in every backup.
 */
export const transcriptRowSchema = z.strictObject({
  id: idSchema,
  recordingId: idSchema,
  encounterId: idSchema,
  patientId: idSchema,
  segments: z.array(segmentSchema),
  gaps: z.array(gapSchema),
  draft: noteDraftSchema.nullable(),
  /** The key of the visit is gone, and with it every word (C17). That there was a transcript stays. */
  destroyed: z.literal(true).optional(),
  model: modelSchema,
  audioSeconds: z.number().min(0),
  wallSeconds: z.number().min(0),
  createdAt: instantSchema,
});
export type TranscriptRow = z.infer<typeof transcriptRowSchema>;

/** One transcript per recording, so that a job finished twice gives one result. */
export const transcriptIdOf = (recordingId: string): string => deriveId("transcript", recordingId);

/** How a stretch of note text names what was said. */
export const evidenceRef = (transcriptId: string, segmentId: string): string =>
  `${transcriptId}/${segmentId}`;
