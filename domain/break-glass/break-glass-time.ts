import { addDays, dateIn, instantIn } from "../kernel/instant.ts";
import { type WorkingHours, weekdayOf } from "../working-hours/index.ts";
import type { BreakGlass } from "./break-glass.schema.ts";

/** How long a chart stays open, and how many working days the privacy officer has to look at it. */
export const breakGlassLimits = { minutes: 60, reviewDays: 3 } as const;

/** When one that begins at an instant ends by itself, in milliseconds since the epoch. */
export const breakGlassEnd = (begunAt: number): number => begunAt + breakGlassLimits.minutes * 60_000;

/** Who looks: a person, in one role, on one device. */
export interface GlassReader {
  readonly id: string;
  readonly role: string;
  readonly deviceId: string | null;
}

type Standing = Pick<BreakGlass, "userId" | "deviceId" | "role" | "until" | "endedAt">;

/** Whether it is open for somebody at a time, in milliseconds since the epoch. Another role or device has to ask anew. */
export const isGlassBroken = (glass: Standing, { id, role, deviceId }: GlassReader, at: number): boolean =>
  glass.userId === id &&
  glass.role === role &&
  glass.deviceId === deviceId &&
  glass.endedAt === null &&
  at < Date.parse(glass.until);

/** Monday to Friday, where nobody has working hours. */
const usualWeek: readonly number[] = [1, 2, 3, 4, 5];

/**
 * Until when one that begins at an instant has to be reviewed: the end of the third working day after that day. A working
 * day is one on which anybody in the practice works; of holidays nothing is known.
 */
export function reviewDue(
  begunAt: string,
  zone: string,
  hours: readonly Pick<WorkingHours, "weekday" | "spans">[],
): string {
  const worked = new Set(hours.filter(({ spans }) => spans.length > 0).map(({ weekday }) => weekday));
  const days: ReadonlySet<number> = worked.size > 0 ? worked : new Set(usualWeek);
  let date = dateIn(zone, begunAt);
  for (let left: number = breakGlassLimits.reviewDays; left > 0; ) {
    date = addDays(date, 1);
    if (days.has(weekdayOf(date))) left--;
  }
  return instantIn(zone, addDays(date, 1), "00:00");
}
