import { defineMutation } from "../collection.ts";
import { type BreakGlass, breakGlassSchema } from "./break-glass.schema.ts";

/** Given back before its time is over. It begins at the clinic alone, which has to be given the password. */
const end = defineMutation({
  args: breakGlassSchema.pick({ id: true }),
  permission: "break-glass:begin",
  audit: "break-glass.ended",
  apply: (view: BreakGlass | undefined, _args, stamp) =>
    view && { ...view, endedAt: view.endedAt ?? stamp.at },
});

export const breakGlassMutations = { end };
