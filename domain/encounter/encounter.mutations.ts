import { defineMutation } from "../collection.ts";
import { type Encounter, encounterSchema } from "./encounter.schema.ts";

const start = defineMutation({
  args: encounterSchema.pick({ id: true, appointmentId: true, patientId: true, clinicianId: true }),
  permission: "encounter:write",
  audit: "encounter.started",
  apply: (view: Encounter | undefined, args, stamp) =>
    view ?? { ...args, status: "in-progress" as const, startedAt: stamp.at, finishedAt: null },
});

const finish = defineMutation({
  args: encounterSchema.pick({ id: true }),
  permission: "encounter:write",
  audit: "encounter.finished",
  apply: (view: Encounter | undefined, _args, stamp) =>
    view && view.status === "in-progress"
      ? { ...view, status: "finished" as const, finishedAt: stamp.at }
      : view,
});

export const encounterMutations = { start, finish };
