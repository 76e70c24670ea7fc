import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { workingHoursMutations } from "./working-hours.mutations.ts";
import { workingHoursSchema } from "./working-hours.schema.ts";

export { closeOfNextClinicDay } from "./clinic-day.ts";
export {
  type WorkingHours,
  weekdayOf,
  workingHoursIdOf,
  workingHoursSchema,
} from "./working-hours.schema.ts";

export const workingHours = defineCollection({
  name: "working-hours",
  fhir: "Schedule",
  schema: workingHoursSchema,
  stream: () => streams.directory,
  local: "directory",
  permissions: { read: "directory:read", write: "directory:write" },
  mutations: workingHoursMutations,
  conflict: "server",
});
