import { defineMutation } from "../collection.ts";
import { idSchema } from "../kernel/id.ts";
import { type WaitListEntry, waitListSchema } from "./wait-list.schema.ts";

const { clinicianId, note } = waitListSchema.shape;

const add = defineMutation({
  args: waitListSchema
    .pick({ id: true, patientId: true, visitTypeId: true, from: true, until: true })
    .extend({ clinicianId: clinicianId.default(null), note: note.default("") }),
  permission: "schedule:write",
  audit: "wait-list.added",
  apply: (view: WaitListEntry | undefined, args, stamp) =>
    view ?? {
      ...args,
      status: "waiting" as const,
      appointmentId: null,
      addedBy: stamp.actor,
      addedAt: stamp.at,
    },
});

/** The freed slot was taken: the appointment is booked by its own mutation, this closes the wait. */
const fulfil = defineMutation({
  args: waitListSchema.pick({ id: true }).extend({ appointmentId: idSchema }),
  permission: "schedule:write",
  audit: "wait-list.fulfilled",
  apply: (view: WaitListEntry | undefined, args) =>
    view && view.status === "waiting"
      ? { ...view, status: "booked" as const, appointmentId: args.appointmentId }
      : view,
});

const remove = defineMutation({
  args: waitListSchema.pick({ id: true }),
  permission: "schedule:write",
  audit: "wait-list.removed",
  apply: (view: WaitListEntry | undefined) =>
    view && view.status === "waiting" ? { ...view, status: "removed" as const } : view,
});

const restore = defineMutation({
  args: waitListSchema.pick({ id: true }),
  permission: "schedule:write",
  audit: "wait-list.restored",
  apply: (view: WaitListEntry | undefined) =>
    view && view.status === "removed" ? { ...view, status: "waiting" as const } : view,
});

export const waitListMutations = { add, fulfil, remove, restore };
