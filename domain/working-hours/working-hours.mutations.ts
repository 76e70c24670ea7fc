import { defineMutation } from "../collection.ts";
import { type WorkingHours, workingHoursSchema } from "./working-hours.schema.ts";

const set = defineMutation({
  args: workingHoursSchema,
  permission: "directory:write",
  audit: "working-hours.set",
  apply: (_view: WorkingHours | undefined, args) => args,
});

export const workingHoursMutations = { set };
