import type { Appointment } from "#domain/appointment/index.ts";

/** A time of a winter's day in New York, as the clinic keeps it. */
export const start = (time: string, date = "2027-01-12"): string =>
  new Date(`${date}T${time}:00-05:00`).toISOString();

/** A quarter of an hour with the clinician `c`. */
export const booked = (id: string, time: string, change: Partial<Appointment> = {}): Appointment => ({
  id,
  patientId: "p",
  clinicianId: "c",
  visitTypeId: "v",
  start: start(time),
  minutes: 15,
  lane: 0,
  status: "booked",
  reason: "",
  roomId: null,
  walkIn: false,
  overbookReason: "",
  cancelReason: "",
  trail: [],
  ...change,
});
