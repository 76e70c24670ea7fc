import type { I18n } from "@lingui/core";
import type { Alert } from "#domain/alert/index.ts";

export const alertKindText = (i18n: I18n, kind: Alert["kind"]): string =>
  ({
    safety: i18n._("Safety"),
    "code-status": i18n._("Code status"),
    communication: i18n._("Communication"),
  })[kind];
