import type { I18n } from "@lingui/core";
import type { Alert } from "#domain/alert/index.ts";
import type { AppointmentStatus } from "#domain/appointment/index.ts";
import type { Immunization } from "#domain/immunization/index.ts";
import type { Patient } from "#domain/patient/index.ts";
import { alertKindText } from "#pwa/alert/alert-words.ts";
import { severityText } from "#pwa/allergy/allergy-words.ts";
import { statusText } from "#pwa/appointment/board/status.tsx";
import { sourceText } from "#pwa/immunization/immunization-words.ts";
import { sexText } from "#pwa/patient/patient-words.ts";

type Words = Readonly<Record<string, string>>;

/** Of a note, a task or message, and an alert. */
const kinds = (i18n: I18n): Words => ({
  visit: i18n._("Visit note"),
  nurse: i18n._("Nurse note"),
  administrative: i18n._("Administrative"),
  clinical: i18n._("Clinical"),
});

const statuses = (i18n: I18n): Words => ({
  "entered-in-error": i18n._("Entered in error"),
  active: i18n._("Active"),
  captured: i18n._("Recorded"),
  completed: i18n._("Completed"),
  discarded: i18n._("Discarded"),
  draft: i18n._("Draft"),
  ended: i18n._("Ended"),
  enrolled: i18n._("Enrolled"),
  failed: i18n._("Failed"),
  final: i18n._("Final"),
  finished: i18n._("Finished"),
  held: i18n._("Held"),
  "in-progress": i18n._("In progress"),
  matched: i18n._("Matched to a patient"),
  open: i18n._("Open"),
  recording: i18n._("Being recorded"),
  refuted: i18n._("Refuted"),
  removed: i18n._("Removed"),
  resolved: i18n._("Resolved"),
  revoked: i18n._("Removed"),
  signed: i18n._("Signed"),
  stopped: i18n._("Stopped"),
  stored: i18n._("At the clinic"),
  transcribed: i18n._("Transcribed"),
  transcribing: i18n._("Being transcribed"),
  used: i18n._("Used"),
  waiting: i18n._("Waiting"),
});

const others = (i18n: I18n): Readonly<Record<string, Words>> => ({
  decision: {
    keep: i18n._("Keep what is there"),
    take: i18n._("Take the change"),
    drop: i18n._("Drop the change"),
  },
  list: {
    allergies: i18n._("Allergies"),
    medications: i18n._("Medications"),
    problems: i18n._("Problems"),
  },
  pool: {
    clinicians: i18n._("All clinicians"),
    nurses: i18n._("All nurses"),
    "front-desk": i18n._("Front desk"),
  },
  position: {
    sitting: i18n._("Sitting"),
    standing: i18n._("Standing"),
    lying: i18n._("Lying"),
    unknown: i18n._("Not known"),
  },
  kind: kinds(i18n),
  status: statuses(i18n),
});

/** The words of a choice; anything else is what a person typed. */
export function wordText(i18n: I18n, field: string, word: string): string {
  if (field === "sex") return sexText(i18n, word as Patient["sex"]);
  if (field === "severity") return severityText(i18n, word);
  if (field === "source") return sourceText(i18n, word as Immunization["source"]) ?? word;
  const words = others(i18n)[field]?.[word];
  if (words) return words;
  if (field === "kind") return alertKindText(i18n, word as Alert["kind"]) ?? word;
  if (field === "status") return statusText(i18n, word as AppointmentStatus) ?? word;
  return word;
}
