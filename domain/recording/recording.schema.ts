import * as z from "zod";
import { moveSchema } from "../chart/index.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, "must be SHA-256 in hexadecimal");

/** Containers and codecs that a tablet may send; the AI node reads all of them. */
export const audioTypes = ["audio/webm;codecs=opus", "audio/mp4;codecs=opus", "audio/wav"] as const;

/** Seconds: a recorder that was forgotten over a holiday is still told to the clinic. */
const LONGEST = 30 * 86_400;

/** A stretch between two starts of the recorder (a reload starts a new part with its own container header). */
export const recordingPartSchema = z.strictObject({
  part: z.int().min(0).max(999),
  mime: z.enum(audioTypes),
  /** Plain bytes, before sealing. */
  bytes: z.int().min(0).max(2_000_000_000),
  seconds: z.number().min(0).max(LONGEST),
  /** Seconds from the recording's start to this part's start, pauses included. */
  startOffset: z.number().min(0).max(LONGEST),
  sha256: sha256Schema,
});
export type RecordingPart = z.infer<typeof recordingPartSchema>;

/** Time in which nothing was recorded, and why. */
export const gapSchema = z.strictObject({
  start: z.number().min(0),
  end: z.number().min(0),
  reason: z.enum(["paused", "off-the-record", "reloaded", "locked", "lost"]),
});
export type Gap = z.infer<typeof gapSchema>;

export const recordingStatuses = [
  "recording",
  "captured",
  "stored",
  "transcribing",
  "transcribed",
  "failed",
] as const;

/** Who may be in the room besides the patient and the clinician, and is recorded with them. */
export const companions = ["family", "interpreter", "trainee", "other"] as const;
export type Companion = (typeof companions)[number];

/**
 * Who agreed to the recording, and when (C17): the patient or who speaks for them, and each other person in the room.
 * Without it there is no recording. Recordings of before the others were asked about name none.
 */
export const consentSchema = z.strictObject({
  by: z.enum(["patient", "guardian"]),
  at: instantSchema,
  others: z.array(z.enum(companions)).max(companions.length).optional(),
});

export const recordingSchema = z.strictObject({
  id: idSchema,
  encounterId: idSchema,
  patientId: idSchema,
  clinicianId: idSchema,
  status: z.enum(recordingStatuses),
  consent: consentSchema,
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  parts: z.array(recordingPartSchema).max(1000),
  gaps: z.array(gapSchema).max(1000),
  /** SHA-256 of the RFC 8785 text of the parts' SHA-256s, in order; null until complete. */
  sha256: sha256Schema.nullable(),
  /** Progress of the transcription, 0…1, and why it failed. */
  progress: z.number().min(0).max(1),
  failure: z.string().nullable(),
  moves: z.array(moveSchema).max(20),
});
export type Recording = z.infer<typeof recordingSchema>;
