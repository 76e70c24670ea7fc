import { dateIn } from "../kernel/instant.ts";
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

/**
 * Whether words in the note say that the patient is in the room: only of somebody who was checked in, and once. A note
 * may be begun before the patient comes, and who took the rooming back is not overruled by the next key.
 */
export const roomsByWriting = ({ status, trail }: Pick<Appointment, "status" | "trail">): boolean =>
  status === "arrived" && !trail.some((step) => step.status === "roomed");

/** Appointments that hold their slot; the others free it. */
export const holdsSlot = (status: AppointmentStatus): boolean =>
  status !== "cancelled" && status !== "no-show";

export const appointmentEnd = (appointment: Pick<Appointment, "start" | "minutes">): number =>
  Date.parse(appointment.start) + appointment.minutes * 60_000;

/** Whether a step cannot be true yet: nobody arrives, is seen or stays away before the day of the appointment (C21). */
export const tooEarly = (
  to: AppointmentStatus,
  { start }: Pick<Appointment, "start">,
  zone: string,
  at: number,
): boolean =>
  to !== "booked" && to !== "confirmed" && to !== "cancelled" && dateIn(zone, at) < dateIn(zone, start);

/**
 * Whether a step makes sense at a time (C21). Before its day an appointment can be confirmed or cancelled. After it
 * nobody confirms or arrives any more; what is left is to say how it ended.
 */
export function mayHappen(
  to: AppointmentStatus,
  appointment: Pick<Appointment, "start" | "minutes">,
  zone: string,
  at: number,
): boolean {
  if (tooEarly(to, appointment, zone, at)) return false;
  // A visit that goes on past midnight is still the one of its day.
  const over = dateIn(zone, at) > dateIn(zone, appointment.start) && at >= appointmentEnd(appointment);
  return !over || to === "done" || to === "no-show" || to === "cancelled";
}

/** Steps that can be taken back, with trail: a mistaken check-in, rooming, no-show or cancellation (C21). */
const undoable: readonly AppointmentStatus[] = ["confirmed", "arrived", "roomed", "no-show", "cancelled"];

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
