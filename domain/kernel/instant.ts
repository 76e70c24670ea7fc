import * as z from "zod";
import { now } from "./clock.ts";

/** Whether a calendar date exists; JavaScript would quietly take 30 February for 2 March, and PostgreSQL has no year 0. */
function isRealDate(text: string): boolean {
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text) && !text.startsWith("0000");
}

/** An instant in UTC as RFC 3339 with milliseconds: `2027-01-12T14:15:00.000Z`. */
export const instantSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/, "must be an RFC 3339 instant in UTC")
  .refine((text) => !Number.isNaN(Date.parse(text)) && isRealDate(text.slice(0, 10)), "is not a real date")
  .transform((text) => new Date(text).toISOString());

/** A calendar date without zone, such as a birth date: `1961-03-09`. */
export const dateSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, "must be a date like 1961-03-09")
  .refine(isRealDate, "is not a real date");

/** An IANA time zone name that this runtime knows. */
export const zoneSchema = z
  .string()
  .max(64)
  .refine((zone) => {
    try {
      new Intl.DateTimeFormat("en", { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  }, "is not a time zone");

export const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();
export const addMinutes = (at: string, minutes: number): string => instant(Date.parse(at) + minutes * 60_000);
export const addDays = (date: string, days: number): string =>
  instant(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).slice(0, 10);

/** Whole days from one calendar date to another; negative when the second is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

const QUARTER = 15 * 60_000;
/** Milliseconds that zones are ahead of UTC, by zone and quarter of an hour: no zone changes within one. */
const offsets = new Map<string, number>();
/** Each asks the runtime's time zone data, which takes a hundred times as long as a look into the map. */
const MANY = 10_000;

/** Milliseconds that a zone's clocks are ahead of UTC at an instant. */
function offsetOf(zone: string, at: number): number {
  const quarter = Math.floor(at / QUARTER) * QUARTER;
  const key = `${zone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const { date, time } = askedWallClock(quarter, zone);
    offset = Date.parse(`${date}T${time}Z`) - quarter;
    if (offsets.size >= MANY) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

/** What the clocks of a zone show. */
function wallClock(at: number, zone: string): { date: string; time: string } {
  const shown = instant(at + offsetOf(zone, at));
  return { date: shown.slice(0, 10), time: shown.slice(11, 19) };
}

const formatters = new Map<string, Intl.DateTimeFormat>();
function askedWallClock(at: number, zone: string): { date: string; time: string } {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formatters.set(zone, formatter);
  }
  const part = Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    time: `${part.hour}:${part.minute}:${part.second}`,
  };
}

/** The calendar date in `zone` at an instant (default: now). */
export const dateIn = (zone: string, at: number | string = now()): string =>
  wallClock(typeof at === "string" ? Date.parse(at) : at, zone).date;

/** The wall-clock time `HH:MM` in `zone` at an instant. */
export const timeIn = (zone: string, at: number | string): string =>
  wallClock(typeof at === "string" ? Date.parse(at) : at, zone).time.slice(0, 5);

/**
 * The instant of a wall-clock time in a zone. In the hour that a spring change skips, the time moves forward by the
 * change; in the hour that autumn repeats, the first of the two is meant.
 */
export function instantIn(zone: string, date: string, time: string): string {
  const wanted = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  const offsetAt = (at: number) => offsetOf(zone, at);
  const guess = wanted - offsetAt(wanted - offsetAt(wanted));
  const earlier = wanted - Math.max(offsetAt(guess - 86_400_000), offsetAt(guess + 86_400_000));
  const later = wanted - Math.min(offsetAt(guess - 86_400_000), offsetAt(guess + 86_400_000));
  if (earlier + offsetAt(earlier) === wanted) return instant(earlier);
  return instant(later);
}

/** Whole years between a birth date and a calendar date. */
export function ageOn(birthDate: string, date: string): number {
  const [by, bm, bd] = birthDate.split("-").map(Number) as [number, number, number];
  const [y, m, d] = date.split("-").map(Number) as [number, number, number];
  return y - by - (m < bm || (m === bm && d < bd) ? 1 : 0);
}
