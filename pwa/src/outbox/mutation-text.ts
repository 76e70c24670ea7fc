import type { I18n } from "@lingui/core";
import type { MutationName } from "#domain/registry.ts";

/** A change in plain words, for the outbox. The type demands words for every mutation of the registry. */
export function mutationText(i18n: I18n, name: MutationName): string {
  const words: Record<MutationName, string> & Partial<Record<string, string>> = {
    "patient.register": i18n._("New patient"),
    "patient.update": i18n._("Changed demographics"),
    "appointment.book": i18n._("New appointment"),
    "appointment.move": i18n._("Moved appointment"),
    "appointment.checkIn": i18n._("Check-in"),
    "appointment.cancel": i18n._("Cancelled appointment"),
    "encounter.start": i18n._("Visit started"),
    "encounter.finish": i18n._("Visit finished"),
    "note.revise": i18n._("Note text"),
    "note.sign": i18n._("Signature"),
    "recording.begin": i18n._("Recording started"),
    "recording.complete": i18n._("Recording finished"),
  };
  return words[name] ?? i18n._("A change that cannot be opened");
}
