import type { I18n } from "@lingui/core";
import type { Patient } from "#domain/patient/index.ts";

export const sexText = (i18n: I18n, sex: Patient["sex"]): string =>
  ({
    female: i18n._("Female"),
    male: i18n._("Male"),
    other: i18n._("Other"),
    unknown: i18n._("Unknown"),
  })[sex];
