import type { I18n } from "@lingui/core";
import type { AccessEndReason } from "#domain/access/access-end.ts";

/** Why an access was ended, as people say it. */
export function endReasonText(i18n: I18n, reason: AccessEndReason): string {
  switch (reason) {
    case "left":
      return i18n._("They have left the practice");
    case "role_ended":
      return i18n._("Their work here has ended for now");
    case "suspected_misuse":
      return i18n._("Misuse is suspected");
  }
}
