import { addDays, dateIn, instantIn } from "../kernel/instant.ts";
import { type WorkingHours, weekdayOf } from "./working-hours.schema.ts";

/**
 * When the practice closes on the first day after that of `at` on which anybody works (C23): what a tablet learned on
 * Friday can still be read through Monday.
 * @param at instant
 * @returns instant; null when nobody has working hours
 */
export function closeOfNextClinicDay(
  hours: readonly Pick<WorkingHours, "weekday" | "spans">[],
  zone: string,
  at: string,
): string | null {
  for (let day = 1; day <= 7; day++) {
    const date = addDays(dateIn(zone, at), day);
    const ends = hours
      .filter(({ weekday }) => weekday === weekdayOf(date))
      .flatMap(({ spans }) => spans.map(({ to }) => to));
    const last = ends.sort().at(-1);
    if (last !== undefined) return instantIn(zone, date, last);
  }
  return null;
}
