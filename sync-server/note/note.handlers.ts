import { can } from "#domain/access/can.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import {
  mergeRevision,
  type Note,
  type NoteContent,
  newNote,
  note,
  noteIdOf,
  revisionHash,
  sectionText,
} from "#domain/note/index.ts";
import { unaccepted } from "#domain/note/note-templates.ts";
import type { ArgsOf } from "#domain/registry.ts";
import type { EntityManager } from "#server/database/database.ts";
import { EncounterEntity } from "#server/encounter/index.ts";
import { samePerson } from "#server/patient/index.ts";
import { DoneBefore, defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { NoteEntity, NoteRevisionEntity } from "./note.entity.ts";

const ancestry = `with recursive up as (
    select id, base from note_revision where id = ? and note_id = ?
    union all select r.id, r.base from note_revision r join up on r.id = up.base)
  select id from up`;

/**
 * The revisions that an author had seen: as they say, or the base and everything it was based on.
 * @throws {DomainError} unknown_revision
 */
async function seenBy(
  em: EntityManager,
  { id: noteId, base, seen }: Pick<ArgsOf<"note.revise">, "id" | "base" | "seen">,
): Promise<ReadonlySet<string>> {
  if (!base) return new Set(seen);
  const known = "select id from note_revision where id = ? and note_id = ?";
  const rows: { id: string }[] = await em.execute(seen ? known : ancestry, [base, noteId]);
  if (rows.length === 0) throw new DomainError("unknown_revision");
  return new Set(seen ?? rows.map(({ id }) => id));
}

/**
 * The visit that a note belongs to is its patient's. A nurse's note may belong to none.
 * @returns whose note it is, and in which record of the person it stands, when this revision is its first: where the visit
 * does, so that both stay together should records be parted (C07)
 */
async function placeOf(
  em: EntityManager,
  args: Pick<Note, "id" | "encounterId" | "patientId" | "kind">,
  userId: string,
): Promise<Pick<Note, "authorId" | "patientId">> {
  const nurses = args.kind === "nurse";
  if (args.encounterId === null) {
    if (!nurses) throw new DomainError("invalid_arguments", { field: "encounterId", problem: "is missing" });
    return { authorId: userId, patientId: args.patientId };
  }
  const encounter = await em.findOne(EncounterEntity, { id: args.encounterId });
  if (!encounter) throw new DomainError("missing_parent");
  const rightId = nurses || args.id === noteIdOf(args.encounterId);
  if (!rightId || !(await samePerson(em, encounter.patientId, args.patientId)))
    throw new DomainError("invalid_arguments", {
      field: "patientId",
      problem: "is not the encounter's patient",
    });
  return { authorId: nurses ? userId : encounter.clinicianId, patientId: encounter.patientId };
}

/** A note belongs to the visit's clinician: nobody else signs it, and only a nurse may prepare it for her. */
function assertOwn(
  { user }: Pick<HandlerContext, "user">,
  action: "note:write" | "note:sign" | "nurse-note:write" | "note:retract",
  { authorId, kind }: Pick<Note, "authorId" | "kind">,
): void {
  const actor = { type: "user" as const, id: user.id, role: user.role, deviceId: user.deviceId };
  const prepares = action === "note:write" && kind === "visit" && user.role === "nurse";
  const decision = can(actor, action, { owners: prepares ? [authorId, user.id] : [authorId] });
  if (!decision.allowed) throw new DomainError(decision.code);
}

/** Seals exactly the revision that the signer saw (C08), never a newer one. */
async function seal(
  context: HandlerContext<Note, ArgsOf<"note.sign">>,
  action: "note:sign" | "nurse-note:write",
): Promise<DoneBefore | undefined> {
  const { tx, args, load, apply, save } = context;
  const present = await load();
  if (!present) throw new DomainError("missing_parent");
  if ((present.kind === "nurse") !== (action === "nurse-note:write")) throw new DomainError("forbidden");
  assertOwn(context, action, present);
  if (present.status === "signed") {
    if (present.signature?.hash === args.hash) return new DoneBefore("note_signed");
    throw new DomainError("note_signed");
  }
  const revision = await tx.em.findOne(NoteRevisionEntity, { id: args.revisionId, noteId: args.id });
  if (!revision || revision.hash !== args.hash) throw new DomainError("unknown_revision");
  // What nobody took as their own is no part of what they sign (C11).
  if (Object.values(revision.content).some((runs) => unaccepted(runs).length > 0))
    throw new DomainError("template_not_accepted");
  await save({
    ...apply(present)!,
    content: revision.content,
    revisionId: revision.id,
    revisionHash: revision.hash,
  });
  return undefined;
}

/** A note longer than this is a slip of the clipboard, and would hold up the queue that carries it. */
const LONGEST = 400_000;

function assertReadable(content: NoteContent): void {
  const length = Object.values(content).reduce((sum, runs) => sum + sectionText(runs).length, 0);
  if (length > LONGEST)
    throw new DomainError("invalid_arguments", {
      field: "content",
      problem: `is longer than ${LONGEST} characters`,
    });
}

export const noteSlice = defineSlice({
  collection: note,
  entity: NoteEntity,
  handlers: {
    revise: async (context) => {
      const { tx, args, stamp, user, load, save } = context;
      assertReadable(args.content);
      // Whose note it is was judged at its first revision. Records that were parted since leave it where it stands.
      const present = (await load()) ?? {
        ...newNote(args, stamp),
        ...(await placeOf(tx.em, args, user.id)),
      };
      if (present.kind !== args.kind) throw new DomainError("invalid_arguments", { field: "kind" });
      if (!(await samePerson(tx.em, present.patientId, args.patientId)))
        throw new DomainError("invalid_arguments", {
          field: "patientId",
          problem: "is not the note's patient",
        });
      assertOwn(context, "note:write", present);
      if (present.status === "signed") throw new DomainError("note_signed");
      const revision = { ...args, id: args.revisionId, by: stamp.actor, at: stamp.at };
      await save(mergeRevision(present, revision, await seenBy(tx.em, args)));
      tx.em.create(NoteRevisionEntity, {
        id: args.revisionId,
        noteId: args.id,
        base: args.base,
        authorId: stamp.actor,
        at: stamp.at,
        content: args.content,
        changed: args.changed,
        hash: revisionHash(args.id, args.content),
      });
      await tx.em.flush();
    },

    sign: (context) => seal(context, "note:sign"),
    signNurseNote: (context) => seal(context, "nurse-note:write"),
    /** Its author says that a signed note stands on the wrong patient or is wrong altogether (C06). */
    retract: async (context) => {
      const { args, load, apply, save } = context;
      const present = await load();
      if (!present || present.patientId !== args.patientId) throw new DomainError("missing_parent");
      assertOwn(context, "note:retract", present);
      if (present.status !== "signed") throw new DomainError("status_not_forward");
      // A second reason has no place in the record: it stays with who wrote it.
      if (present.enteredInError) throw new DomainError("entry_closed");
      await save(apply(present)!);
    },
  },
});
