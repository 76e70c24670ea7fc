import * as z from "zod";
import { deriveId, idSchema } from "../kernel/id.ts";

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time like 08:30");

/** When a clinician sees patients on a day of the week, by the practice's wall clock. */
export const workingHoursSchema = z.strictObject({
  id: idSchema,
  clinicianId: idSchema,
  /** ISO 8601: 1 = Monday … 7 = Sunday. */
  weekday: z.int().min(1).max(7),
  /** Empty = does not work on that day. */
  spans: z.array(z.strictObject({ from: time, to: time })).max(4),
  /** Patients that may be booked for the same time; more is an overbooking (C21). */
  capacity: z.int().min(1).max(4),
});
export type WorkingHours = z.infer<typeof workingHoursSchema>;

export const workingHoursIdOf = (clinicianId: string, weekday: number): string =>
  deriveId("working-hours", clinicianId, String(weekday));

/** ISO 8601 day of the week of a calendar date: 1 = Monday … 7 = Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
