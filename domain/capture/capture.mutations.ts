import * as z from "zod";
import { defineMutation, type MutationStamp } from "../collection.ts";
import { toBase64Url } from "../kernel/bytes.ts";
import { randomBytes } from "../kernel/clock.ts";
import { recording, recordingSchema, sealedKeySchema } from "../recording/index.ts";
import { type Capture, captureSchema } from "./capture.schema.ts";

export const newSalt = (): string => toBase64Url(randomBytes(16));

const only = captureSchema.pick({ id: true });

/** As it begins, with words or with sound. */
const begun = (id: string, stamp: MutationStamp): Capture => ({
  id,
  authorId: stamp.actor,
  role: stamp.role,
  label: "",
  text: "",
  sound: null,
  writtenAt: stamp.at,
  changedAt: stamp.at,
  status: "waiting",
  patientId: null,
  encounterId: null,
  decidedBy: null,
  decidedAt: null,
  reason: "",
});

/** All that stands on the page by now: each pause in the typing is one of these, and the last one holds. */
const write = defineMutation({
  args: captureSchema.pick({ id: true, label: true, text: true }).extend({
    /** So that nobody finds few words again by trying, from the digest that the tablet keeps of them. */
    salt: z.string().regex(/^[\w-]{22}$/),
  }),
  permission: "capture:write",
  audit: "capture.written",
  sealed: true,
  apply: (view: Capture | undefined, { id, label, text }, stamp) => ({
    ...(view ?? begun(id, stamp)),
    label,
    text,
    changedAt: stamp.at,
  }),
});

const beginRecording = defineMutation({
  args: recordingSchema.pick({ id: true, consent: true }).extend({ sealedKey: sealedKeySchema }),
  permission: "capture:write",
  audit: "recording.begun",
  sealed: true,
  apply: (view: Capture | undefined, { id, consent }, stamp) => {
    const present = view ?? begun(id, stamp);
    const sound = {
      consent,
      startedAt: stamp.at,
      endedAt: null,
      parts: [],
      gaps: [],
      sha256: null,
      stored: false,
    };
    return { ...present, changedAt: stamp.at, sound: present.sound ?? sound };
  },
});

const completeRecording = defineMutation({
  args: recording.mutations.complete.args,
  permission: "capture:write",
  audit: "recording.captured",
  sealed: true,
  apply: (view: Capture | undefined, { id: _, ...done }, stamp) =>
    view?.sound && view.sound.sha256 === null
      ? { ...view, changedAt: stamp.at, sound: { ...view.sound, ...done } }
      : view,
});

/** Somebody read it in the tray. */
const open = defineMutation({
  args: only,
  permission: "capture:match",
  audit: "capture.opened",
  report: true,
  apply: (view: Capture | undefined) => view,
});

/** Whose it is, and in which visit, where it was in one; that can also be said later. */
const match = defineMutation({
  args: only.extend({
    patientId: captureSchema.shape.id,
    encounterId: captureSchema.shape.encounterId.default(null),
  }),
  permission: "capture:match",
  audit: "capture.matched",
  apply: (view: Capture | undefined, { patientId, encounterId }, stamp) =>
    view &&
    (view.status === "waiting"
      ? {
          ...view,
          status: "matched" as const,
          patientId,
          encounterId,
          decidedBy: stamp.actor,
          decidedAt: stamp.at,
        }
      : view.status === "matched" && view.encounterId === null
        ? { ...view, encounterId }
        : view),
});

const discard = defineMutation({
  args: only.extend({ reason: captureSchema.shape.reason.min(3) }),
  permission: "capture:match",
  audit: "capture.discarded",
  apply: (view: Capture | undefined, { reason }, stamp) =>
    view?.status === "waiting"
      ? {
          ...view,
          status: "discarded" as const,
          decidedBy: stamp.actor,
          decidedAt: stamp.at,
          reason,
        }
      : view,
});

/** Matched to the wrong patient (C05), or discarded by mistake: it is unassigned again. */
const release = defineMutation({
  args: only.extend({
    /** The patient in whose chart it stood; null where it was discarded. */
    patientId: captureSchema.shape.patientId,
    reason: captureSchema.shape.reason.min(3),
  }),
  permission: "capture:match",
  audit: "capture.released",
  apply: (view: Capture | undefined, { reason }) =>
    view && {
      ...view,
      status: "waiting" as const,
      patientId: null,
      encounterId: null,
      decidedBy: null,
      decidedAt: null,
      reason,
    },
});

export const captureMutations = { write, beginRecording, completeRecording, open, match, discard, release };
