import { addDays, dateIn, instantIn, timeIn } from "#domain/kernel/instant.ts";

export const QUARTER = 15 * 60_000;

/** A stretch of a practice day, cut into quarter hours of real time: a spring day has fewer of them, an autumn day more. */
export interface DayFrame {
  readonly zone: string;
  readonly date: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly quarters: readonly Quarter[];
}

export interface Quarter {
  readonly at: number;
  /** `HH:MM` by the practice's wall clock. */
  readonly time: string;
  /** The first quarter of an hour by the wall clock. */
  readonly hour: boolean;
  /** The wall clock shows this time twice on this day: words need the zone's name. */
  readonly twice: boolean;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The first and the last instant of a day in the practice's zone. */
export const dayBounds = (zone: string, date: string): Span => ({
  from: Date.parse(instantIn(zone, date, "00:00")),
  to: Date.parse(instantIn(zone, addDays(date, 1), "00:00")),
});

/** What the board shows and offers when nobody has hours and nothing is booked. */
const usual = { from: "08:00", to: "17:00" };

/** The hours in which somebody without hours of their own is booked. */
export const usualHours = (zone: string, date: string): Span => ({
  from: Date.parse(instantIn(zone, date, usual.from)),
  to: Date.parse(instantIn(zone, date, usual.to)),
});

export const usualStart = ({ zone, date }: Pick<DayFrame, "zone" | "date">): number =>
  Date.parse(instantIn(zone, date, usual.from));

/**
 * The part of a day that the board shows: the usual hours, widened to whole hours around everything in `spans`; the whole
 * day on demand.
 */
export function dayFrame(
  zone: string,
  date: string,
  { spans = [], whole = false }: { readonly spans?: readonly Span[]; readonly whole?: boolean } = {},
): DayFrame {
  const day = dayBounds(zone, date);
  const inside = spans.filter((span) => span.to > day.from && span.from < day.to);
  const wide = {
    from: Math.min(usualStart({ zone, date }), ...inside.map(({ from }) => from)),
    to: Math.max(Date.parse(instantIn(zone, date, usual.to)), ...inside.map(({ to }) => to)),
  };
  const from = whole ? day.from : Math.max(day.from, hourAround(zone, wide.from, -1));
  const to = whole ? day.to : Math.min(day.to, hourAround(zone, wide.to, 1));
  const quarters: Omit<Quarter, "twice">[] = [];
  for (let at = from; at < to; at += QUARTER) {
    const time = timeIn(zone, at);
    quarters.push({ at, time, hour: time.endsWith(":00") });
  }
  const count = new Map<string, number>();
  for (const { time } of quarters) count.set(time, (count.get(time) ?? 0) + 1);
  return {
    zone,
    date,
    from,
    to,
    quarters: quarters.map((quarter) => ({ ...quarter, twice: count.get(quarter.time)! > 1 })),
  };
}

/** The full hour by the wall clock at or before (−1) or after (1) an instant. */
function hourAround(zone: string, at: number, direction: -1 | 1): number {
  let moved = direction < 0 ? Math.floor(at / QUARTER) * QUARTER : Math.ceil(at / QUARTER) * QUARTER;
  while (!timeIn(zone, moved).endsWith(":00")) moved += direction * QUARTER;
  return moved;
}

/** The index of the quarter hour that contains an instant; outside the frame the nearest. */
export const quarterOf = (frame: Pick<DayFrame, "from" | "quarters">, at: number): number =>
  Math.min(frame.quarters.length - 1, Math.max(0, Math.floor((at - frame.from) / QUARTER)));

/** An instant on the nearest full step of `minutes`, counted from the frame's first instant and inside the frame. */
export function snapped(frame: Pick<DayFrame, "from" | "to">, at: number, minutes: number): number {
  const step = minutes * 60_000;
  const moved = frame.from + Math.round((at - frame.from) / step) * step;
  return Math.min(frame.to - step, Math.max(frame.from, moved));
}

/** The instant of a wall-clock time typed for a day, or null when the clock skips that time on this day. */
export function typedInstant(zone: string, date: string, time: string): string | null {
  if (!/^\d\d:\d\d$/.test(time)) return null;
  const at = instantIn(zone, date, time);
  return timeIn(zone, at) === time && dateIn(zone, at) === date ? at : null;
}
