import * as z from "zod";
import { deriveId, idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

export const noteSections = [
  "subjective",
  "objective_exam",
  "objective_results",
  "assessment_and_plan",
] as const;
export type NoteSection = (typeof noteSections)[number];

/** Characters of one stretch of text; a longer text is several. */
export const LONGEST_RUN = 20_000;

/** Where a stretch of text came from (C11). */
export const textOrigins = ["typed", "said", "chart", "template"] as const;

/**
 * A stretch of text with one origin. A section is a list of runs; its text is their concatenation, with `\n` between
 * paragraphs. `evidence` names the transcript segments that were said, as `<transcriptId>/<segmentId>`, or the capture
 * whose words these are, as `<captureId>/typed`.
 */
export const textRunSchema = z.strictObject({
  text: z.string().min(1).max(LONGEST_RUN),
  origin: z.enum(textOrigins),
  evidence: z.array(z.string().max(80)).max(20).optional(),
});
export type TextRun = z.infer<typeof textRunSchema>;

export const sectionContentSchema = z.array(textRunSchema).max(500);
export const noteContentSchema = z.strictObject({
  subjective: sectionContentSchema,
  objective_exam: sectionContentSchema,
  objective_results: sectionContentSchema,
  assessment_and_plan: sectionContentSchema,
});
export type NoteContent = z.infer<typeof noteContentSchema>;

export const emptyContent = (): NoteContent => ({
  subjective: [],
  objective_exam: [],
  objective_results: [],
  assessment_and_plan: [],
});

/** Words of two people (or devices) for one section: the one not shown is kept here until somebody decides. */
export const alternativeSchema = z.strictObject({
  section: z.enum(noteSections),
  content: sectionContentSchema,
  revisionId: idSchema,
  by: idSchema,
  at: instantSchema,
});

export const noteSchema = z.strictObject({
  id: idSchema,
  /** The visit it belongs to; null for a nurse's note outside a visit. */
  encounterId: idSchema.nullable(),
  patientId: idSchema,
  authorId: idSchema,
  /** The clinician's note of the visit, or a nurse's own (injection, blood pressure, phone; C10). */
  kind: z.enum(["visit", "nurse"]),
  status: z.enum(["draft", "signed"]),
  content: noteContentSchema,
  /** The revision each section's present text comes from; null while it was never written. */
  sectionRevisions: z.record(z.enum(noteSections), idSchema.nullable()),
  /** The newest revision and the SHA-256 of its content: what Sign names. */
  revisionId: idSchema,
  revisionHash: z.string().regex(/^[0-9a-f]{64}$/),
  alternatives: z.array(alternativeSchema),
  signature: z
    .strictObject({
      by: idSchema,
      at: instantSchema,
      revisionId: idSchema,
      hash: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .nullable(),
  /** Marked by its author: the text stays, barred, out of summaries, AI and exports (C06). */
  enteredInError: z
    .strictObject({ by: idSchema, at: instantSchema, reason: z.string().trim().min(3).max(500) })
    .nullable(),
  updatedAt: instantSchema,
});
export type Note = z.infer<typeof noteSchema>;

/** One clinician's note per encounter, with the same id on every tablet that starts it offline. */
export const noteIdOf = (encounterId: string): string => deriveId("note", encounterId);
