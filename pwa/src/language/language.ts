import { i18n } from "@lingui/core";
import { ageOf } from "#domain/patient/index.ts";
import { messages } from "./locales/en.ts";
import { withNames } from "./with-names.ts";

/**
 * English is the source: its sentences are the ids in the code. Only those with plurals and the like are shipped
 * compiled (`npm run language`), so that the page carries no compiler.
 */
i18n.setMessagesCompiler(withNames);
i18n.load("en", messages);
i18n.activate("en");

export { i18n };

/** Times and dates as people of the practice read them, always in the practice's zone. */
export const timeText = (instant: string, zone: string): string =>
  i18n.date(instant, { hour: "numeric", minute: "2-digit", timeZone: zone });

export const dayText = (instant: string | Date, zone: string): string =>
  i18n.date(instant, { weekday: "long", month: "long", day: "numeric", timeZone: zone });

export const dateTimeText = (instant: string, zone: string): string =>
  i18n.date(instant, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZone: zone });

/** To the second, for logs in which the order is the point. */
export const exactTimeText = (instant: string, zone: string): string =>
  i18n.date(instant, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    timeZone: zone,
  });

/** With the year, for what may be long ago. */
export const longDateText = (instant: string, zone: string): string =>
  i18n.date(instant, { year: "numeric", month: "short", day: "numeric", timeZone: zone });

export const longDateTimeText = (instant: string, zone: string): string =>
  i18n.date(instant, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone: zone,
  });

/** A birth date has no zone. */
export const birthDateText = (date: string): string =>
  i18n.date(`${date}T00:00:00Z`, { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });

/** Age in the unit people use: "3 days", "5 months", "61". */
export function ageText(birthDate: string, today: string): string {
  const { unit, count } = ageOf(birthDate, today);
  if (unit === "day") return i18n._("{count, plural, one {# day} other {# days}}", { count });
  if (unit === "month") return i18n._("{count, plural, one {# month} other {# months}}", { count });
  return String(count);
}

/** `4:07` from seconds. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
