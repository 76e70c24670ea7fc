import type { I18n } from "@lingui/core";
import type { TokenScope } from "#domain/access/roles.ts";

/** What a program with this scope may do, in plain words. */
export function scopeText(i18n: I18n, scope: TokenScope): string {
  const words: Record<TokenScope, string> = {
    "demographics:read": i18n._("Look up patients: name, birth date, address, phone"),
    "demographics:write": i18n._("Register patients and change their address or phone"),
    "schedule:read": i18n._("See appointments"),
    "schedule:write": i18n._("Book, move and cancel appointments"),
    "results:write": i18n._("Deliver results from a laboratory"),
    "ai:work": i18n._("Transcribe recordings and draft notes, for the person who recorded"),
    "documents:ingest": i18n._("Deliver scans and faxes"),
    "fhir:bulk": i18n._("Take out records of many patients, each time only with an approval"),
    "audit:witness": i18n._("Keep proof outside that the audit log was not changed"),
    "ops:metrics": i18n._("Read the numbers of the machines, nothing about patients"),
    "backup:run": i18n._("Start and test backups"),
  };
  return words[scope];
}
