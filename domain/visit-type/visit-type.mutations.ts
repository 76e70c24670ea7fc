import { defineMutation } from "../collection.ts";
import { type VisitType, visitTypeSchema } from "./visit-type.schema.ts";

const add = defineMutation({
  args: visitTypeSchema.omit({ active: true }),
  permission: "directory:write",
  audit: "visit-type.created",
  apply: (view: VisitType | undefined, args) => view ?? { ...args, active: true },
});

/** Another name, or no longer in use; what was booked with it keeps it. */
const change = defineMutation({
  args: visitTypeSchema,
  permission: "directory:write",
  audit: "visit-type.changed",
  apply: (view: VisitType | undefined, args) => view && args,
});

export const visitTypeMutations = { add, change };
