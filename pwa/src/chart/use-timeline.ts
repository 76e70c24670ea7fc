import { useLingui } from "@lingui/react";
import { type NoteContent, noteSections, sectionText } from "#domain/note/index.ts";
import { useRows } from "#pwa/local/index.ts";
import { useFromMerged } from "#pwa/patient/index.ts";
import { useUnits, vitalsLine } from "#pwa/vitals/index.ts";

export const timelineKinds = [
  "visit",
  "note",
  "vitals",
  "medication",
  "problem",
  "allergy",
  "immunization",
  "alert",
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

export interface TimelineEvent {
  readonly id: string;
  readonly kind: TimelineKind;
  /** An instant, or a date where no time is known. */
  readonly at: string;
  readonly title: string;
  readonly detail: string;
  readonly barred: boolean;
  /** Where it was written, when that is a record which was merged into this one. */
  readonly from: string | null;
  /** Where a tap leads. */
  readonly appointmentId: string | null;
}

const beginning = (content: NoteContent): string => {
  const text = [...noteSections]
    .reverse()
    .map((section) => sectionText(content[section]).trim())
    .find((words) => words !== "");
  return text && text.length > 140 ? `${text.slice(0, 140)}…` : (text ?? "");
};

/** Visits, notes and every fact of a chart with its dates, the newest first. */
export function useTimeline(patientId: string): TimelineEvent[] {
  const { i18n } = useLingui();
  const units = useUnits();
  const where = { patientId };
  const { rows: encounters } = useRows("encounter", { where });
  const { rows: notes } = useRows("note", { where });
  const { rows: problems } = useRows("problem", { where });
  const { rows: medications } = useRows("medication", { where });
  const { rows: allergies } = useRows("allergy", { where });
  const { rows: immunizations } = useRows("immunization", { where });
  const { rows: alerts } = useRows("alert", { where });
  const { rows: vitals } = useRows("vitals", { where });
  const { rows: captured } = useRows("capture", { where });
  const captures = captured.map((one) => ({ ...one, patientId: one.patientId ?? patientId }));
  const fromMerged = useFromMerged(patientId);
  const origins = new Map(
    [encounters, notes, problems, medications, allergies, immunizations, alerts, vitals, captures].flatMap(
      (rows) => rows.map((row) => [row.id, fromMerged(row)] as const),
    ),
  );
  const events: TimelineEvent[] = [];
  const add = (
    kind: TimelineKind,
    id: string,
    at: string,
    title: string,
    { detail = "", barred = false, appointmentId = null }: Partial<TimelineEvent> = {},
  ) =>
    events.push({
      id: `${kind} ${id} ${title}`,
      kind,
      at,
      title,
      detail,
      barred,
      from: origins.get(id) ?? null,
      appointmentId,
    });

  for (const one of encounters)
    add("visit", one.id, one.startedAt, i18n._("Visit"), { appointmentId: one.appointmentId });
  for (const one of notes) {
    const title =
      one.kind === "nurse"
        ? i18n._("Nurse note")
        : one.status === "signed"
          ? i18n._("Visit note, signed")
          : i18n._("Visit note, draft");
    const appointmentId = encounters.find(({ id }) => id === one.encounterId)?.appointmentId ?? null;
    add("note", one.id, one.signature?.at ?? one.updatedAt, title, {
      detail: beginning(one.content),
      barred: one.enteredInError !== null,
      appointmentId,
    });
  }
  for (const one of problems) {
    const barred = one.status === "entered-in-error";
    const words = { title: one.title };
    add("problem", one.id, one.recordedAt, i18n._("Problem entered: {title}", words), {
      detail: one.code ?? "",
      barred,
    });
    if (one.resolvedOn) add("problem", one.id, one.resolvedOn, i18n._("Problem resolved: {title}", words));
  }
  for (const one of medications) {
    const barred = one.status === "entered-in-error";
    const words = { name: one.name };
    add("medication", one.id, one.startedOn ?? one.recordedAt, i18n._("Medication started: {name}", words), {
      detail: [one.dose, one.frequency].filter(Boolean).join(" · "),
      barred,
    });
    if (one.stoppedOn)
      add("medication", one.id, one.stoppedOn, i18n._("Medication stopped: {name}", words), {
        detail: one.stopReason,
      });
  }
  for (const one of allergies)
    add("allergy", one.id, one.recordedAt, i18n._("Allergy: {substance}", { substance: one.substance }), {
      detail: one.status === "active" ? one.reactions.join(", ") : one.statusReason,
      barred: one.status !== "active",
    });
  for (const one of immunizations)
    add("immunization", one.id, one.givenOn, one.vaccine, { barred: one.status !== "completed" });
  for (const one of alerts) add("alert", one.id, one.recordedAt, one.text, { barred: !one.active });
  for (const one of captures)
    add("note", one.id, one.writtenAt, i18n._("Written down without reading"), { detail: one.text });
  for (const one of vitals)
    add("vitals", one.id, one.takenAt, i18n._("Vital signs"), {
      detail: vitalsLine(i18n, one, units),
      barred: one.status !== "final",
    });
  return events.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.id < b.id ? 1 : -1));
}
