import type { I18n } from "@lingui/core";

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
