import * as z from "zod";
import { historyFaults } from "../audit/history-fault.ts";
import { idSchema } from "../kernel/id.ts";
import {
  gapSchema,
  label,
  noteDraftSchema,
  seconds,
  sha256,
  share,
  transcriptSchema,
  unknownEvidence,
  word,
} from "./draft.ts";

export * from "./draft.ts";

/**
 * What the sync server and an AI node say to each other. Both sides parse with these schemas, so a node that lies or
 * is broken is refused at the door: objects are strict, numbers finite, every list and text has an upper limit.
 * Times are seconds from the start of the recording.
 */

/** Largest body of `complete` that a server needs to accept, in bytes. */
export const MAX_COMPLETION_BYTES = 8 * 1024 * 1024;
/** A node that has been silent for this long has lost its job, in milliseconds. Nodes send at least every 10 s. */
export const JOB_HEARTBEAT_MILLISECONDS = 10_000;
/** Longest a claim may wait for work, in seconds. */
export const MAX_CLAIM_WAIT_SECONDS = 30;

export const deviceSchema = z.enum(["cpu", "webgpu", "cuda"]);
export const jobKindSchema = z.enum(["transcribe"]);
export const stageSchema = z.enum(["decode", "speech", "draft"]);
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
  /** Why it takes no work: the audit log that it is shown is not the one that it saw. */
  historyFault: z.enum(historyFaults).nullable().default(null),
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
export type JobKind = z.infer<typeof jobKindSchema>;
export type JobStage = z.infer<typeof stageSchema>;
export type DraftChart = z.infer<typeof draftChartSchema>;
export type NodeHeartbeat = z.input<typeof nodeHeartbeatSchema>;
export type JobClaim = z.infer<typeof claimSchema>;
export type JobPart = z.infer<typeof jobPartSchema>;
export type AiJob = z.infer<typeof aiJobSchema>;
export type JobProgress = z.infer<typeof progressSchema>;
export type JobFailure = z.infer<typeof failureSchema>;
export type JobCompletion = z.infer<typeof completionSchema>;
