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
