import { defineMutation, type MutationStamp } from "../collection.ts";
import { mayFollow, statusBefore } from "./appointment.rules.ts";
import { type Appointment, type AppointmentStatus, appointmentSchema } from "./appointment.schema.ts";

const { patientId, clinicianId, visitTypeId, start, minutes, reason, overbookReason, cancelReason, roomId } =
  appointmentSchema.shape;

const advance = (view: Appointment | undefined, status: AppointmentStatus, stamp: MutationStamp) =>
  view && mayFollow(view.status, status)
    ? { ...view, status, trail: [...view.trail, { status, at: stamp.at, by: stamp.actor }] }
    : view;

const bookArgs = appointmentSchema.pick({ id: true }).extend({
  patientId,
  clinicianId,
  visitTypeId,
  start,
  minutes,
  reason: reason.default(""),
  /** Books a taken time on purpose; needs the right to overbook. */
  overbookReason: overbookReason.default(""),
});

const booked = (
  args: Omit<Appointment, "lane" | "status" | "trail" | "roomId" | "walkIn" | "cancelReason">,
) => ({
  ...args,
  lane: 0,
  roomId: null,
  walkIn: false,
  cancelReason: "",
});

const book = defineMutation({
  args: bookArgs,
  permission: "schedule:write",
  audit: "appointment.booked",
  apply: (view: Appointment | undefined, args, stamp) =>
    view ?? {
      ...booked(args),
      status: "booked" as const,
      trail: [{ status: "booked" as const, at: stamp.at, by: stamp.actor }],
    },
});

/** Somebody who stands at the desk: booked and arrived in one step. */
const walkIn = defineMutation({
  args: bookArgs,
  permission: "schedule:write",
  audit: "appointment.walked_in",
  apply: (view: Appointment | undefined, args, stamp) =>
    view ?? {
      ...booked(args),
      walkIn: true,
      status: "arrived" as const,
      trail: [
        { status: "booked" as const, at: stamp.at, by: stamp.actor },
        { status: "arrived" as const, at: stamp.at, by: stamp.actor },
      ],
    },
});

/** Another time, length or clinician. */
const move = defineMutation({
  args: appointmentSchema
    .pick({ id: true, clinicianId: true, start: true, minutes: true })
    .extend({ overbookReason: overbookReason.default("") }),
  permission: "schedule:write",
  audit: "appointment.moved",
  apply: (view: Appointment | undefined, args) => view && { ...view, ...args },
});

const only = appointmentSchema.pick({ id: true });

const confirm = defineMutation({
  args: only,
  permission: "schedule:write",
  audit: "appointment.confirmed",
  apply: (view: Appointment | undefined, _args, stamp) => advance(view, "confirmed", stamp),
});

const checkIn = defineMutation({
  args: only,
  permission: "schedule:write",
  audit: "appointment.checked_in",
  apply: (view: Appointment | undefined, _args, stamp) => advance(view, "arrived", stamp),
});

const room = defineMutation({
  args: only.extend({ roomId: roomId.default(null) }),
  permission: "schedule:write",
  audit: "appointment.roomed",
  apply: (view: Appointment | undefined, args, stamp) => {
    const next = advance(view, "roomed", stamp);
    return next?.status === "roomed" ? { ...next, roomId: args.roomId } : next;
  },
});

const finish = defineMutation({
  args: only,
  permission: "schedule:write",
  audit: "appointment.done",
  apply: (view: Appointment | undefined, _args, stamp) => advance(view, "done", stamp),
});

const miss = defineMutation({
  args: only,
  permission: "schedule:write",
  audit: "appointment.missed",
  apply: (view: Appointment | undefined, _args, stamp) => advance(view, "no-show", stamp),
});

const cancel = defineMutation({
  args: only.extend({ cancelReason: cancelReason.default("") }),
  permission: "schedule:write",
  audit: "appointment.cancelled",
  apply: (view: Appointment | undefined, args, stamp) => {
    const next = advance(view, "cancelled", stamp);
    return next?.status === "cancelled" ? { ...next, cancelReason: args.cancelReason } : next;
  },
});

/** Takes the last step back, with trail. */
const undo = defineMutation({
  args: only,
  permission: "schedule:write",
  audit: "appointment.undone",
  apply: (view: Appointment | undefined, _args, stamp) => {
    const status = view && statusBefore(view);
    return view && status
      ? {
          ...view,
          status,
          roomId: view.status === "roomed" ? null : view.roomId,
          cancelReason: "",
          trail: [...view.trail, { status, at: stamp.at, by: stamp.actor, undone: true as const }],
        }
      : view;
  },
});

export const appointmentMutations = {
  book,
  walkIn,
  move,
  confirm,
  checkIn,
  room,
  finish,
  miss,
  cancel,
  undo,
};
