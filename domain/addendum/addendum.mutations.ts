import { defineMutation } from "../collection.ts";
import { type Addendum, addendumSchema } from "./addendum.schema.ts";

const write = defineMutation({
  args: addendumSchema.pick({ id: true, noteId: true, patientId: true, text: true }),
  permission: "note:addend",
  audit: "note.addended",
  apply: (view: Addendum | undefined, args, stamp) =>
    view ?? { ...args, authorId: stamp.actor, at: stamp.at },
});

export const addendumMutations = { write };
