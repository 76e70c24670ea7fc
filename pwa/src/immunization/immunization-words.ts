import type { I18n } from "@lingui/core";
import type { Immunization } from "#domain/immunization/index.ts";

export const sourceText = (i18n: I18n, source: Immunization["source"]): string =>
  ({
    "given-here": i18n._("given here"),
    record: i18n._("from a record"),
    told: i18n._("told by the patient"),
  })[source];
