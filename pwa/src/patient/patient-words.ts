import type { I18n } from "@lingui/core";
import type { Patient } from "#domain/patient/index.ts";

export const sexText = (i18n: I18n, sex: Patient["sex"]): string =>
  ({
    female: i18n._("Female"),
    male: i18n._("Male"),
    other: i18n._("Other"),
    unknown: i18n._("Unknown"),
  })[sex];

/** "Spanish" for `es`; the code itself where the browser has no name for it. */
export function languageName(i18n: I18n, code: string): string {
  if (code === "ase") return i18n._("American Sign Language"); // browsers bring no name for it
  try {
    return new Intl.DisplayNames([i18n.locale], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
