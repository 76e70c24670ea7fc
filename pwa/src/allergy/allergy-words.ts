import type { I18n } from "@lingui/core";
import type { Allergy } from "#domain/allergy/index.ts";

export const severityText = (i18n: I18n, severity: Allergy["severity"] | string): string => {
  switch (severity) {
    case "mild":
      return i18n._("Mild");
    case "moderate":
      return i18n._("Moderate");
    case "severe":
      return i18n._("Severe");
    default:
      return i18n._("Severity not known");
  }
};

export const allergyStatusText = (i18n: I18n, status: Allergy["status"]): string =>
  ({
    active: i18n._("Active"),
    refuted: i18n._("Refuted"),
    ended: i18n._("No longer present"),
    "entered-in-error": i18n._("Entered in error"),
  })[status];
