import type { I18n } from "@lingui/core";

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** `3.4 GB` */
export function bytesText(i18n: I18n, bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return i18n.number(bytes / 1000 ** power, {
    style: "unit",
    unit: units[power]!,
    maximumFractionDigits: power > 2 ? 1 : 0,
  });
}

/** How long ago, in the unit people would say. */
export function agoText(i18n: I18n, now: string, then: string | null): string {
  if (!then) return i18n._("never");
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(then)) / 1000));
  if (seconds < 90) return i18n._("{seconds} s ago", { seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return i18n._("{minutes} min ago", { minutes });
  const hours = Math.round(minutes / 60);
  if (hours < 36) return i18n._("{hours} h ago", { hours });
  return i18n._("{days, plural, one {# day ago} other {# days ago}}", { days: Math.round(hours / 24) });
}
