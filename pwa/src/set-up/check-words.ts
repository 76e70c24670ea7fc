import type { I18n } from "@lingui/core";
import type { Check, CheckName } from "#domain/set-up/index.ts";
import { dateTimeText } from "#pwa/language/language.ts";

const GIGABYTE = 1024 ** 3;

export function checkText(i18n: I18n, name: CheckName): string {
  const words: Record<CheckName, string> = {
    privacy_officer_accepted: i18n._("The privacy officer has accepted"),
    security_officer_accepted: i18n._("The security officer has accepted"),
    certificate_valid: i18n._("The clinic's certificate is valid"),
    backup_written: i18n._("A backup was written and read again"),
    audit_whole: i18n._("The audit log was verified and is whole"),
    disk_free: i18n._("There is room on the disk"),
  };
  return words[name];
}

/** What was measured, or what to do where it is missing. */
export function checkDetail(i18n: I18n, { name, done, at, amount }: Check, zone: string): string {
  const when = at === null ? "" : dateTimeText(at, zone);
  const missing: Record<CheckName, string> = {
    privacy_officer_accepted: i18n._("Not yet"),
    security_officer_accepted: i18n._("Not yet"),
    certificate_valid: i18n._("Tablets reach the clinic by it. See the dashboard and the log of the server."),
    backup_written: i18n._("At the clinic's machine: npm run -s jamemr -- backup FOLDER"),
    audit_whole: i18n._("It is verified by itself a while after the start."),
    disk_free: i18n._("{free} GB free; 5 GB are wanted to begin with.", { free: gigabytes(amount) }),
  };
  if (!done) return missing[name];
  if (name === "certificate_valid")
    return i18n._("{days, plural, one {For # more day} other {For # more days}}", { days: amount ?? 0 });
  if (name === "disk_free") return i18n._("{free} GB free", { free: gigabytes(amount) });
  return when;
}

const gigabytes = (bytes: number | null): string => ((bytes ?? 0) / GIGABYTE).toFixed(1);
