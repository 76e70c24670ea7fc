import type { I18n } from "@lingui/core";
import { demographicNames } from "#pwa/patient/two-values/field-text.ts";

/** What the machine needs and nobody reads: ids of the entry itself, digests, keys, codes beside their words. */
const silent: ReadonlySet<string> = new Set([
  "id",
  "patientId",
  "encounterId",
  "appointmentId",
  "revisionId",
  "base",
  "changed",
  "hash",
  "seen",
  "keptSeen",
  "pendingId",
  "noteId",
  "replyTo",
  "allergen",
  "drug",
  "cvx",
  "sealedKey",
  "parts",
  "gaps",
  "sha256",
  "mutation",
  "salt",
]);
export const isShown = (field: string): boolean => !silent.has(field);

/** What tells which entry a change is about. */
export const titleFields = [
  "substance",
  "name",
  "title",
  "vaccine",
  "givenName",
  "familyName",
  "start",
  "text",
  "status",
];

/** Names of the fields that people read. */
const names = (i18n: I18n): Readonly<Record<string, string>> => ({
  day: i18n._("Day"),
  name: i18n._("Name"),
  active: i18n._("In use"),
  minutes: i18n._("Minutes"),
  clinicianId: i18n._("Clinician"),
  weekday: i18n._("Weekday"),
  spans: i18n._("Hours"),
  capacity: i18n._("At the same time"),
  ...demographicNames(i18n),
  deceasedOn: i18n._("Died on"),
  memberIds: i18n._("Care team"),
  visitTypeId: i18n._("Visit type"),
  start: i18n._("Start"),
  reason: i18n._("Reason"),
  words: i18n._("Words to the colleague"),
  overbookReason: i18n._("Reason to overbook"),
  roomId: i18n._("Room"),
  cancelReason: i18n._("Reason"),
  from: i18n._("From"),
  until: i18n._("Until"),
  note: i18n._("Note"),
  kind: i18n._("Kind"),
  title: i18n._("Title"),
  assigneeId: i18n._("For"),
  pool: i18n._("For"),
  details: i18n._("Details"),
  dueOn: i18n._("Due"),
  toId: i18n._("To"),
  text: i18n._("Text"),
  substance: i18n._("Allergy"),
  reactions: i18n._("Reactions"),
  severity: i18n._("Severity"),
  statusReason: i18n._("Reason"),
  keptId: i18n._("The same as"),
  dose: i18n._("Dose"),
  route: i18n._("Route"),
  frequency: i18n._("How often"),
  instructions: i18n._("Instructions"),
  startedOn: i18n._("Started"),
  overrideReason: i18n._("Reason in spite of the warning"),
  stoppedOn: i18n._("Stopped"),
  stopReason: i18n._("Reason"),
  decision: i18n._("Decision"),
  code: i18n._("Code"),
  onset: i18n._("Since"),
  resolvedOn: i18n._("Resolved"),
  vaccine: i18n._("Vaccine"),
  givenOn: i18n._("Given"),
  source: i18n._("Known from"),
  lot: i18n._("Lot"),
  site: i18n._("Site"),
  takenAt: i18n._("Taken"),
  measurements: i18n._("Measured"),
  position: i18n._("Position"),
  replacedBy: i18n._("Replaced by"),
  list: i18n._("List"),
  consent: i18n._("Consent"),
  endedAt: i18n._("Ended"),
  status: i18n._("Status"),
  label: i18n._("About"),
});

export const fieldName = (i18n: I18n, field: string): string => names(i18n)[field] ?? field;
export const hasName = (i18n: I18n, field: string): boolean => Object.hasOwn(names(i18n), field);

/** A member of something that has several, such as a contact's phone. */
export const partText = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";
