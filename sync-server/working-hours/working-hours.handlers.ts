import { DomainError } from "#domain/errors/catalog.ts";
import { workingHours, workingHoursIdOf } from "#domain/working-hours/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { WorkingHoursEntity } from "./working-hours.entity.ts";

export const workingHoursSlice = defineSlice({
  collection: workingHours,
  entity: WorkingHoursEntity,
  handlers: {
    set: async ({ args, load, apply, save }) => {
      if (args.id !== workingHoursIdOf(args.clinicianId, args.weekday))
        throw new DomainError("invalid_arguments", { field: "id", problem: "does not follow from the day" });
      const ordered = args.spans.flatMap(({ from, to }) => [from, to]);
      if (ordered.some((time, index) => index > 0 && time <= ordered[index - 1]!))
        throw new DomainError("invalid_arguments", {
          field: "spans",
          problem: "overlap or end before they begin",
        });
      await save(apply(await load())!);
    },
  },
});
