import * as z from "zod";

/**
 * What was said, and the note that a node drafts from it: strict, finite, with an upper limit for every list and text. Times
 * are seconds from the start of the recording.
 */

/** Longest recording that is worked on: 12 hours. */
export const MAX_RECORDING_SECONDS = 43_200;

export const seconds = z.number().min(0).max(MAX_RECORDING_SECONDS);
export const share = z.number().min(0).max(1);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in lower-case hexadecimal");
export const word = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, "must be a short lower-case word");
export const label = z.string().min(1).max(200);
/** `s1`, `s2`, … in transcripts of nodes; other programs may bring their own. */
const segmentId = z.string().regex(/^[\w.:-]{1,64}$/, "must be a short id");
const sentence = z.string().min(1).max(2_000);

export const speakerSchema = z.enum(["clinician", "patient", "other", "unknown"]);
/** Why the model is not to be trusted on a segment. `inaudible`: speech was heard and no words were understood. */
export const segmentFlagSchema = z.enum([
  "low_confidence",
  "compressed",
  "repeated",
  "cut_short",
  "inaudible",
]);
export const draftSectionIdSchema = z.enum([
  "subjective",
  "objective_exam",
  "objective_results",
  "assessment_and_plan",
]);

/** Where there is no sound to work on: paused, locked, a chunk that never arrived, unreadable bytes. */
export const gapSchema = z
  .strictObject({ start: seconds, end: seconds, reason: word })
  .refine((gap) => gap.end >= gap.start, "ends before it starts");

/** One stretch of one person's speech. `[inaudible]` as text has the flag `inaudible`. */
export const segmentSchema = z
  .strictObject({
    id: segmentId,
    start: seconds,
    end: seconds,
    speaker: speakerSchema,
    text: z.string().min(1).max(4_000),
    confidence: share,
    flags: z.array(segmentFlagSchema).max(8),
  })
  .refine((segment) => segment.end >= segment.start, "ends before it starts");

/** What a node tells of its models: no claim is accepted without knowing what made it. */
export const modelSchema = z.strictObject({ id: label, sha256, version: label });

export const transcriptSchema = z.strictObject({
  segments: z.array(segmentSchema).max(20_000),
  gaps: z.array(gapSchema).max(1_000),
  audioSeconds: seconds,
  wallSeconds: z.number().min(0).max(604_800),
  model: modelSchema,
});

/** Ids of segments, or `chart:…` for what the chart says. Never empty: what cannot be supported is not in the draft. */
const evidenceSchema = z.array(segmentId).min(1).max(40);

export const draftSentenceSchema = z.strictObject({
  text: sentence,
  heading: label.optional(),
  evidence: evidenceSchema,
  confidence: share,
});

export const draftMedicationSchema = z.strictObject({
  name: label,
  /** As said, e.g. `10 mg`: never calculated. */
  dose: label.optional(),
  frequency: label.optional(),
  /** What was said about it. */
  status: z.enum(["taking", "starting", "changing", "stopping", "not_taking", "mentioned"]),
  evidence: evidenceSchema,
});

/** Something heard that the draft does not say. */
export const draftOmittedSchema = z.strictObject({
  text: sentence,
  kind: z.enum(["question", "answer", "symptom", "medication", "number", "unclear", "other"]),
  evidence: evidenceSchema,
});

/** A sentence that was made and taken out again because its evidence does not carry it. */
export const draftRemovedSchema = z.strictObject({ text: sentence, reason: word, evidence: evidenceSchema });

export const noteDraftSchema = z.strictObject({
  sections: z
    .array(z.strictObject({ id: draftSectionIdSchema, sentences: z.array(draftSentenceSchema).max(2_000) }))
    .max(4)
    .refine((all) => new Set(all.map((section) => section.id)).size === all.length, "names a section twice"),
  medications: z.array(draftMedicationSchema).max(200),
  omitted: z.array(draftOmittedSchema).max(2_000),
  removed: z.array(draftRemovedSchema).max(2_000),
  engine: z.strictObject({ id: label, version: label }),
  milliseconds: z.number().min(0).max(86_400_000),
});

/** Segment and chart ids that a draft cites although they do not exist. */
export function unknownEvidence(draft: NoteDraft, segmentIds: ReadonlySet<string>): string[] {
  const cited = [
    ...draft.sections.flatMap((section) => section.sentences),
    ...draft.medications,
    ...draft.omitted,
    ...draft.removed,
  ].flatMap((item) => item.evidence);
  return cited.filter((id) => !segmentIds.has(id) && !id.startsWith("chart:"));
}

export type Speaker = z.infer<typeof speakerSchema>;
export type SegmentFlag = z.infer<typeof segmentFlagSchema>;
export type DraftSectionId = z.infer<typeof draftSectionIdSchema>;
export type Gap = z.infer<typeof gapSchema>;
export type TranscriptSegment = z.infer<typeof segmentSchema>;
export type TranscriptModel = z.infer<typeof modelSchema>;
export type Transcript = z.infer<typeof transcriptSchema>;
export type DraftSentence = z.infer<typeof draftSentenceSchema>;
export type DraftMedication = z.infer<typeof draftMedicationSchema>;
export type DraftOmitted = z.infer<typeof draftOmittedSchema>;
export type DraftRemoved = z.infer<typeof draftRemovedSchema>;
export type NoteDraft = z.infer<typeof noteDraftSchema>;
