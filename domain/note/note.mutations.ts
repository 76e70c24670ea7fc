import * as z from "zod";
import { defineMutation, type MutationStamp } from "../collection.ts";
import { idSchema } from "../kernel/id.ts";
import { mergeRevision, revisionHash } from "./note.rules.ts";
import { emptyContent, type Note, noteContentSchema, noteSchema, noteSections } from "./note.schema.ts";

const reviseArgs = noteSchema.pick({ id: true, encounterId: true, patientId: true }).extend({
  /** Id of this revision, made by the tablet. */
  revisionId: idSchema,
  /** The revision the author was looking at; null for the first. */
  base: idSchema.nullable(),
  /**
   * The revisions that stood in the changed sections as the author saw them. A merged note stands on several revisions,
   * and its newest one alone does not say what else was on the screen. Without it, the base and its ancestors count.
   */
  seen: z
    .array(idSchema)
    .max(2 * noteSections.length)
    .optional(),
  /** The whole note as the author saw it after the change: what a signature on this revision seals. */
  content: noteContentSchema,
  changed: z.array(z.enum(noteSections)).min(1).max(noteSections.length),
  kind: noteSchema.shape.kind.default("visit"),
});
type ReviseArgs = z.infer<typeof reviseArgs>;

/** A note before its first revision. */
export const newNote = (
  args: Pick<ReviseArgs, "id" | "encounterId" | "patientId" | "revisionId" | "kind">,
  stamp: MutationStamp,
): Note => ({
  id: args.id,
  encounterId: args.encounterId,
  patientId: args.patientId,
  authorId: stamp.actor,
  kind: args.kind,
  status: "draft",
  content: emptyContent(),
  sectionRevisions: {
    subjective: null,
    objective_exam: null,
    objective_results: null,
    assessment_and_plan: null,
  },
  revisionId: args.revisionId,
  revisionHash: revisionHash(args.id, emptyContent()),
  alternatives: [],
  signature: null,
  enteredInError: null,
  updatedAt: stamp.at,
});

const revise = defineMutation({
  args: reviseArgs,
  permission: "note:write",
  audit: "note.revised",
  apply: (view: Note | undefined, args, stamp) => {
    const note = view ?? newNote(args, stamp);
    if (note.status === "signed") return note;
    // Without it the author's view is the note's view on the tablet; the server passes the real ancestry by its handler.
    const seen = new Set(args.seen ?? Object.values(note.sectionRevisions).filter((id) => id !== null));
    return mergeRevision(note, { ...args, id: args.revisionId, by: stamp.actor, at: stamp.at }, seen);
  },
});

const signArgs = noteSchema.pick({ id: true }).extend({
  revisionId: idSchema,
  /** SHA-256 of the revision the signer saw (C08). */
  hash: noteSchema.shape.revisionHash,
});

const signed =
  (kind: Note["kind"]) =>
  (view: Note | undefined, args: z.infer<typeof signArgs>, stamp: MutationStamp): Note | undefined =>
    view?.status === "draft" && view.kind === kind
      ? {
          ...view,
          status: "signed" as const,
          signature: { by: stamp.actor, at: stamp.at, revisionId: args.revisionId, hash: args.hash },
          updatedAt: stamp.at,
        }
      : view;

const sign = defineMutation({
  args: signArgs,
  permission: "note:sign",
  audit: "note.signed",
  apply: signed("visit"),
});

/** A nurse signs her own notes; a clinician's she only prepares (C10). */
const signNurseNote = defineMutation({
  args: signArgs,
  permission: "nurse-note:write",
  audit: "note.signed",
  apply: signed("nurse"),
});

const retract = defineMutation({
  args: noteSchema.pick({ id: true, patientId: true }).extend({ reason: z.string().trim().min(3).max(500) }),
  permission: "note:retract",
  audit: "note.retracted",
  apply: (view: Note | undefined, args, stamp) =>
    view?.status === "signed" && !view.enteredInError
      ? { ...view, enteredInError: { by: stamp.actor, at: stamp.at, reason: args.reason } }
      : view,
});

export const noteMutations = { revise, sign, signNurseNote, retract };
