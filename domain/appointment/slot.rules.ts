import { dateIn, instant, instantIn } from "../kernel/instant.ts";
import { type WorkingHours, weekdayOf } from "../working-hours/index.ts";

/** A time that somebody holds, in milliseconds since the epoch. */
export interface HeldTime {
  readonly from: number;
  readonly to: number;
  readonly lane: number;
}

export type Hours = Pick<WorkingHours, "weekday" | "spans" | "capacity">;

/** How far around the wanted time free slots are looked for, in minutes. */
const REACH = 8 * 60;
const STEP = 15;
/** How many free times a refusal names. */
const OFFERED = 3;
export const slotReach = REACH;
/** Lanes of one clinician: what is beyond the normal capacity is deliberate overbooking. */
export const slotLanes = 10;

/** The first free lane from `first` up to but not including `end`, or undefined when all are held at that time. */
export function freeLane(
  held: readonly HeldTime[],
  at: number,
  minutes: number,
  first: number,
  end: number,
): number | undefined {
  const to = at + minutes * 60_000;
  for (let lane = first; lane < end; lane++)
    if (held.every((one) => one.lane !== lane || at >= one.to || to <= one.from)) return lane;
  return undefined;
}

/** Patients that may be booked for the same time on the day of `at`. */
export const capacityAt = (zone: string, hours: readonly Hours[], at: number): number =>
  hours.find(({ weekday }) => weekday === weekdayOf(dateIn(zone, at)))?.capacity ?? 1;

/** When a clinician works on a date, in milliseconds since the epoch, by the practice's wall clock. */
export function workedSpans(
  zone: string,
  hours: readonly Hours[],
  date: string,
): readonly { readonly from: number; readonly to: number }[] {
  const day = hours.find(({ weekday }) => weekday === weekdayOf(date));
  return (day?.spans ?? []).map(({ from, to }) => ({
    from: Date.parse(instantIn(zone, date, from)),
    to: Date.parse(instantIn(zone, date, to)),
  }));
}

/** Whether a clinician works on a date at all; without any hours every day may be booked. */
export const worksOn = (hours: readonly Hours[], date: string): boolean =>
  hours.length === 0 || hours.some(({ weekday, spans }) => weekday === weekdayOf(date) && spans.length > 0);

interface Wanted {
  readonly zone: string;
  /** The clinician's hours; none at all means that every time may be booked. */
  readonly hours: readonly Hours[];
  readonly held: readonly HeldTime[];
  readonly at: number;
  readonly minutes: number;
  /** How far around the wanted time is looked, in minutes. */
  readonly reach?: number;
  /** Nothing before is named, in milliseconds since the epoch. */
  readonly after?: number;
}

/** The free times nearest to a wanted one inside the clinician's hours, nearest first; the later of two equals first. */
export function nearestFree(wanted: Wanted): string[] {
  const { zone, hours, held, minutes, reach = REACH, after = Number.NEGATIVE_INFINITY } = wanted;
  const spans = new Map<string, ReturnType<typeof workedSpans>>();
  const worked = (at: number) => {
    if (hours.length === 0) return true;
    const date = dateIn(zone, at);
    if (!spans.has(date)) spans.set(date, workedSpans(zone, hours, date));
    return spans.get(date)!.some(({ from, to }) => at >= from && at + minutes * 60_000 <= to);
  };
  const free = (at: number) =>
    at >= after && worked(at) && freeLane(held, at, minutes, 0, capacityAt(zone, hours, at)) !== undefined;
  const nearest: string[] = [];
  for (let distance = STEP; distance <= reach && nearest.length < OFFERED; distance += STEP)
    for (const at of [wanted.at + distance * 60_000, wanted.at - distance * 60_000])
      if (nearest.length < OFFERED && free(at)) nearest.push(instant(at));
  return nearest;
}
