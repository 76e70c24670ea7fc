import type { I18n } from "@lingui/core";
import type { DemographicValue } from "#domain/demographics-review/index.ts";
import type { DemographicField, Patient } from "#domain/patient/index.ts";
import { birthDateText } from "#pwa/language/language.ts";
import { contactKindText, mayBeToldText } from "../demographics-fields.tsx";
import { languageName, sexText } from "../patient-words.ts";

/** The fields of the demographics in the words of the patient's page. */
export const demographicNames = (i18n: I18n): Readonly<Record<DemographicField, string>> => ({
  givenName: i18n._("Given name"),
  familyName: i18n._("Family name"),
  birthDate: i18n._("Birth date"),
  sex: i18n._("Sex recorded at birth"),
  preferredName: i18n._("Preferred name"),
  gender: i18n._("Gender"),
  pronouns: i18n._("Pronouns"),
  language: i18n._("Language"),
  interpreter: i18n._("Interpreter"),
  phone: i18n._("Phone"),
  email: i18n._("Email"),
  address: i18n._("Address"),
  contacts: i18n._("People who may be told things"),
});

export const fieldText = (i18n: I18n, field: DemographicField): string => demographicNames(i18n)[field];

/** Several people, one a line, with all that may differ between two lists of them. */
const contactsText = (i18n: I18n, contacts: Patient["contacts"]): string =>
  contacts
    .map(({ name, relation, kind, phone, mayBeTold }) =>
      [name, relation, contactKindText(i18n, kind), phone, mayBeToldText(i18n, mayBeTold)]
        .filter(Boolean)
        .join(" · "),
    )
    .join("\n");

/** What stands in a field, as people read it. */
export function valueText(i18n: I18n, field: DemographicField, value: DemographicValue): string {
  if (typeof value === "boolean") return value ? i18n._("Needed") : i18n._("Not needed");
  if (typeof value !== "string") return contactsText(i18n, value) || i18n._("Nothing");
  if (value === "") return i18n._("Nothing");
  if (field === "birthDate") return birthDateText(value);
  if (field === "sex") return sexText(i18n, value as Patient["sex"]);
  if (field === "language") return languageName(i18n, value);
  return value;
}
