import type { I18n } from "@lingui/core";
import type { Companion, Recording } from "#domain/recording/index.ts";

export function companionText(i18n: I18n, companion: Companion): string {
  switch (companion) {
    case "family":
      return i18n._("Family or companion");
    case "interpreter":
      return i18n._("Interpreter");
    case "trainee":
      return i18n._("Student or trainee");
    case "other":
      return i18n._("Somebody else");
  }
}

/** Who agreed to be recorded (C17). */
export function consentText(i18n: I18n, { by, others = [] }: Recording["consent"]): string {
  const people = [
    by === "patient" ? i18n._("Patient") : i18n._("Guardian"),
    ...others.map((one) => companionText(i18n, one)),
  ];
  return i18n._("Agreed: {people}", { people: people.join(", ") });
}
