import * as z from "zod";
import { idSchema } from "../kernel/id.ts";

/**
 * What the sync server and an AI node say to each other. Both sides parse with these schemas, so a node that lies or
 * is broken is refused at the door: objects are strict, numbers finite, every list and text has an upper limit.
 * Times are seconds from the start of the recording.
 */

/** Longest recording that is worked on: 12 hours. */
export const MAX_RECORDING_SECONDS = 43_200;
/** Largest body of `complete` that a server needs to accept, in bytes. */
export const MAX_COMPLETION_BYTES = 8 * 1024 * 1024;
/** A node that has been silent for this long has lost its job, in milliseconds. Nodes send at least every 10 s. */
export const JOB_HEARTBEAT_MILLISECONDS = 10_000;
/** Longest a claim may wait for work, in seconds. */
export const MAX_CLAIM_WAIT_SECONDS = 30;

const seconds = z.number().min(0).max(MAX_RECORDING_SECONDS);
const share = z.number().min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in lower-case hexadecimal");
const word = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, "must be a short lower-case word");
const label = z.string().min(1).max(200);
/** `s1`, `s2`, … in transcripts of nodes; other programs may bring their own. */
const segmentId = z.string().regex(/^[\w.:-]{1,64}$/, "must be a short id");
const sentence = z.string().min(1).max(2_000);

export const deviceSchema = z.enum(["cpu", "webgpu", "cuda"]);
export const speakerSchema = z.enum(["clinician", "patient", "other", "unknown"]);
/** Why the model is not to be trusted on a segment. `inaudible`: speech was heard and no words were understood. */
export const segmentFlagSchema = z.enum([
  "low_confidence",
  "compressed",
  "repeated",
  "cut_short",
  "inaudible",
]);
export const jobKindSchema = z.enum(["transcribe"]);
export const stageSchema = z.enum(["decode", "speech", "draft"]);
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

/** What the chart knows that helps to word a note. Everything is optional; nothing of it is kept by a node. */
export const draftChartSchema = z.strictObject({
  name: label.optional(),
  age: z.number().min(0).max(150).optional(),
  sex: z.string().min(1).max(32).optional(),
  visitReason: z.string().max(500).optional(),
  problems: z.array(label).max(500).optional(),
  medications: z.array(label).max(500).optional(),
  allergies: z.array(label).max(500).optional(),
});

/** `POST /api/ai/nodes/heartbeat`: announces a node and says that it is alive. */
export const nodeHeartbeatSchema = z.strictObject({
  nodeId: idSchema,
  name: label,
  version: label,
  /** The device really used, not the one asked for. */
  device: deviceSchema,
  models: z.array(z.strictObject({ id: label, sha256 })).max(32),
});

/** `POST /api/ai/jobs/claim`. */
export const claimSchema = z.strictObject({
  nodeId: idSchema,
  kinds: z.array(jobKindSchema).min(1).max(8),
  waitSeconds: z.number().int().min(0).max(MAX_CLAIM_WAIT_SECONDS),
});

export const jobPartSchema = z.strictObject({
  /** Number of the part within its recording, from 0. */
  part: z.number().int().min(0).max(9_999),
  mime: z.string().min(1).max(128),
  seconds,
  /** Of the part's plain bytes. */
  sha256,
  /** Seconds from the recording's start at which this part begins. */
  startOffset: seconds,
});

/** The answer to a claim. */
export const aiJobSchema = z.strictObject({
  id: idSchema,
  kind: jobKindSchema,
  attempt: z.number().int().min(1).max(100),
  recordingId: idSchema,
  language: z.literal("en"),
  parts: z.array(jobPartSchema).min(1).max(10_000),
  gaps: z.array(gapSchema).max(1_000),
  chart: draftChartSchema.optional(),
});

/** `POST /api/ai/jobs/{id}/progress`. `done` counts within the stage. */
export const progressSchema = z.strictObject({ stage: stageSchema, done: share });

/** `POST /api/ai/jobs/{id}/fail`. The message is for operators and holds nothing that was said. */
export const failureSchema = z.strictObject({ code: word, message: z.string().max(500) });

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

/** `POST /api/ai/jobs/{id}/complete`: refused unless segment ids are unique and every citation can be followed. */
export const completionSchema = z
  .strictObject({
    transcript: transcriptSchema,
    draft: noteDraftSchema,
    /** SHA-256 of each part's plain bytes, in the order of the job's parts. */
    inputs: z.array(sha256).min(1).max(10_000),
  })
  .superRefine(({ transcript, draft }, context) => {
    const ids = new Set(transcript.segments.map((segment) => segment.id));
    if (ids.size !== transcript.segments.length) {
      context.addIssue({ code: "custom", path: ["transcript", "segments"], message: "ids are not unique" });
    }
    if (unknownEvidence(draft, ids).length > 0) {
      context.addIssue({ code: "custom", path: ["draft"], message: "cites a segment that does not exist" });
    }
  });

export type AiDevice = z.infer<typeof deviceSchema>;
export type Speaker = z.infer<typeof speakerSchema>;
export type SegmentFlag = z.infer<typeof segmentFlagSchema>;
export type JobKind = z.infer<typeof jobKindSchema>;
export type JobStage = z.infer<typeof stageSchema>;
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
export type DraftChart = z.infer<typeof draftChartSchema>;
export type NodeHeartbeat = z.infer<typeof nodeHeartbeatSchema>;
export type JobClaim = z.infer<typeof claimSchema>;
export type JobPart = z.infer<typeof jobPartSchema>;
export type AiJob = z.infer<typeof aiJobSchema>;
export type JobProgress = z.infer<typeof progressSchema>;
export type JobFailure = z.infer<typeof failureSchema>;
export type JobCompletion = z.infer<typeof completionSchema>;
