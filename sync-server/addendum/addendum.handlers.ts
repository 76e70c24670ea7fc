import { addendum } from "#domain/addendum/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { NoteEntity } from "#server/note/index.ts";
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
      if (!note || note.patientId !== args.patientId) throw new DomainError("missing_parent");
      if (note.status !== "signed") throw new DomainError("status_not_forward");
      await save(apply(undefined)!);
    },
  },
});
