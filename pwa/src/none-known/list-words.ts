import type { I18n } from "@lingui/core";
import type { ChartList } from "#domain/chart/index.ts";

/** The words of a list that is empty for a reason. */
export const listWords = (i18n: I18n, list: ChartList) =>
  ({
    allergies: {
      none: i18n._("No known allergies"),
      notAsked: i18n._("Allergies: not asked yet"),
      notHere: i18n._("Allergies: not on this tablet"),
    },
    medications: {
      none: i18n._("No current medications"),
      notAsked: i18n._("Medications: not asked yet"),
      notHere: i18n._("Medications: not on this tablet"),
    },
    problems: {
      none: i18n._("No known problems"),
      notAsked: i18n._("Problems: not asked yet"),
      notHere: i18n._("Problems: not on this tablet"),
    },
  })[list];
