import type { I18n } from "@lingui/core";
import type { Role } from "#domain/access/roles.ts";

export function roleText(i18n: I18n, role: Role): string {
  const words: Record<Role, string> = {
    clinician: i18n._("Clinician"),
    nurse: i18n._("Nurse"),
    "front-desk": i18n._("Front desk"),
    administrator: i18n._("Administrator"),
    "practice-it": i18n._("Practice IT"),
    "privacy-officer": i18n._("Privacy officer"),
    "security-officer": i18n._("Security officer"),
  };
  return words[role];
}
