import * as z from "zod";
import { moved, moveSchema } from "../chart/index.ts";
import { defineMutation } from "../collection.ts";
import { digest } from "../kernel/canonical.ts";
import { type Recording, type RecordingPart, recordingSchema } from "./recording.schema.ts";

/** SHA-256 over the list of the parts' SHA-256s, in order. */
export const recordingHash = (parts: readonly RecordingPart[]): string =>
  digest(parts.map((part) => part.sha256));

/** A recording's content key, sealed to the server's public key (compact JWE). */
export const sealedKeySchema = z.string().min(100).max(2000);

const begin = defineMutation({
  args: recordingSchema.pick({ id: true, encounterId: true, patientId: true, consent: true }).extend({
    sealedKey: sealedKeySchema,
  }),
  permission: "ai:record",
  audit: "recording.begun",
  apply: (view: Recording | undefined, args, stamp) =>
    view ?? {
      id: args.id,
      encounterId: args.encounterId,
      patientId: args.patientId,
      clinicianId: stamp.actor,
      status: "recording" as const,
      consent: args.consent,
      startedAt: stamp.at,
      endedAt: null,
      parts: [],
      gaps: [],
      sha256: null,
      progress: 0,
      failure: null,
      moves: [],
    },
});

const complete = defineMutation({
  args: recordingSchema.pick({ id: true, parts: true, gaps: true }).extend({
    endedAt: recordingSchema.shape.startedAt,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  permission: "ai:record",
  audit: "recording.captured",
  apply: (view: Recording | undefined, args) =>
    view && view.status === "recording"
      ? {
          ...view,
          status: "captured" as const,
          parts: args.parts,
          gaps: args.gaps,
          endedAt: args.endedAt,
          sha256: args.sha256,
        }
      : view,
});

/** Recorded on the wrong patient: the sound and its transcript go to the right visit, with trail (C05). */
const move = defineMutation({
  args: recordingSchema
    .pick({ id: true, encounterId: true, patientId: true })
    .extend({ reason: moveSchema.shape.reason }),
  permission: "ai:record",
  audit: "recording.moved",
  apply: (view: Recording | undefined, { reason, ...to }, stamp) =>
    view && view.encounterId !== to.encounterId
      ? { ...view, ...to, moves: moved(view, { ...to, reason }, stamp) }
      : view,
});

export const recordingMutations = { begin, complete, move };
