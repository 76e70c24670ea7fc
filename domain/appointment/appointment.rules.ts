import type { Appointment, AppointmentStatus } from "./appointment.schema.ts";

const order: Record<AppointmentStatus, number> = {
  booked: 0,
  confirmed: 1,
  arrived: 2,
  roomed: 3,
  done: 4,
  "no-show": 9,
  cancelled: 9,
};

/** Whether a status may follow another: forward only; cancelled and no-show only before the patient is roomed. */
export function mayFollow(from: AppointmentStatus, to: AppointmentStatus): boolean {
  if (order[from] >= 4) return false;
  if (to === "cancelled" || to === "no-show") return order[from] < order.roomed;
  return order[to] > order[from];
}

/** Appointments that hold their slot; the others free it. */
export const holdsSlot = (status: AppointmentStatus): boolean =>
  status !== "cancelled" && status !== "no-show";

export const appointmentEnd = (appointment: Pick<Appointment, "start" | "minutes">): number =>
  Date.parse(appointment.start) + appointment.minutes * 60_000;

/** Steps that can be taken back, with trail: a mistaken check-in, rooming or no-show (C21). */
const undoable: readonly AppointmentStatus[] = ["confirmed", "arrived", "roomed", "no-show"];

/** The status an appointment goes back to when its last step is taken back; undefined when it cannot be. */
export function statusBefore(
  appointment: Pick<Appointment, "status" | "trail">,
): AppointmentStatus | undefined {
  if (!undoable.includes(appointment.status)) return undefined;
  // Steps are walked as a stack: an undone step took its predecessor back to the top.
  const stack: AppointmentStatus[] = [];
  for (const { status, undone } of appointment.trail) {
    if (undone) stack.pop();
    else stack.push(status);
  }
  return stack.at(-2);
}
