import { addendum } from "#domain/addendum/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { NoteEntity } from "#server/note/index.ts";
import { samePerson } from "#server/patient/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { AddendumEntity } from "./addendum.entity.ts";

export const addendumSlice = defineSlice({
  collection: addendum,
  entity: AddendumEntity,
  handlers: {
    /** Any clinician who may read the note adds to it, under their own name (C09). */
    write: async ({ tx, args, load, apply, save }) => {
      if (await load()) throw new DomainError("already_exists");
      const note = await tx.em.findOne(NoteEntity, { id: args.noteId });
      if (!note || !(await samePerson(tx.em, note.patientId, args.patientId)))
        throw new DomainError("missing_parent");
      if (note.status !== "signed") throw new DomainError("status_not_forward");
      // It stays with its note, whichever record of the person that stands in.
      await save({ ...apply(undefined)!, patientId: note.patientId });
    },
  },
});
