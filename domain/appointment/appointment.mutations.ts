import { defineMutation, type MutationStamp } from "../collection.ts";
import { mayFollow } from "./appointment.rules.ts";
import { type Appointment, type AppointmentStatus, appointmentSchema } from "./appointment.schema.ts";

const { id, patientId, clinicianId, visitTypeId, start, minutes, reason } = appointmentSchema.shape;

const advance = (view: Appointment | undefined, status: AppointmentStatus, stamp: MutationStamp) =>
  view && mayFollow(view.status, status)
    ? { ...view, status, trail: [...view.trail, { status, at: stamp.at, by: stamp.actor }] }
    : view;

const book = defineMutation({
  args: appointmentSchema.pick({ id: true, patientId: true, clinicianId: true, visitTypeId: true }).extend({
    patientId,
    clinicianId,
    visitTypeId,
    start,
    minutes,
    reason: reason.default(""),
  }),
  permission: "schedule:write",
  audit: "appointment.booked",
  apply: (view: Appointment | undefined, args, stamp) =>
    view ?? {
      ...args,
      lane: 0,
      status: "booked" as const,
      trail: [{ status: "booked" as const, at: stamp.at, by: stamp.actor }],
    },
});

const move = defineMutation({
  args: appointmentSchema.pick({ id: true, clinicianId: true, start: true, minutes: true }),
  permission: "schedule:write",
  audit: "appointment.moved",
  apply: (view: Appointment | undefined, args) => view && { ...view, ...args },
});

const only = appointmentSchema.pick({ id: true });

const checkIn = defineMutation({
  args: only,
  permission: "schedule:write",
  audit: "appointment.checked_in",
  apply: (view: Appointment | undefined, _args, stamp) => advance(view, "arrived", stamp),
});

const cancel = defineMutation({
  args: only.extend({ id }),
  permission: "schedule:write",
  audit: "appointment.cancelled",
  apply: (view: Appointment | undefined, _args, stamp) => advance(view, "cancelled", stamp),
});

export const appointmentMutations = { book, move, checkIn, cancel };
