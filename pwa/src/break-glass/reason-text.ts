import type { I18n } from "@lingui/core";
import type { BreakGlassReason } from "#domain/break-glass/index.ts";

export function reasonText(i18n: I18n, reason: BreakGlassReason): string {
  switch (reason) {
    case "emergency":
      return i18n._("Emergency: waiting would harm");
    case "covering":
      return i18n._("I cover for the care team");
    case "patient-asked":
      return i18n._("The patient asks me to");
    case "other":
      return i18n._("Another reason");
  }
}
