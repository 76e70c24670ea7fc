import type { NoteSection, TextRun } from "./note.schema.ts";

/** Words that many notes have in common. They count as nothing until the clinician accepts them (C11). */
export interface NoteTemplate {
  readonly id: string;
  readonly section: NoteSection;
  readonly title: string;
  /** Each sentence is accepted or thrown away by itself. */
  readonly sentences: readonly string[];
}

const template = (id: string, section: NoteSection, title: string, ...sentences: string[]): NoteTemplate => ({
  id,
  section,
  title,
  sentences,
});

/** The shipped set: general words for primary care, written for this project. */
export const noteTemplates: readonly NoteTemplate[] = [
  template(
    "subjective-follow-up",
    "subjective",
    "Follow-up of a long-term condition",
    "Here for follow-up.",
    "Takes the medication as prescribed.",
    "No side effects noticed.",
    "Home readings: ",
  ),
  template(
    "subjective-respiratory",
    "subjective",
    "Cough or cold",
    "Symptoms for ___ days.",
    "No shortness of breath.",
    "No chest pain.",
    "No fever at home.",
  ),
  template(
    "exam-general",
    "objective_exam",
    "General, normal",
    "Alert, comfortable, in no distress.",
    "Skin warm and dry.",
  ),
  template(
    "exam-heart-lungs",
    "objective_exam",
    "Heart and lungs, normal",
    "Heart: regular rate and rhythm, no murmur.",
    "Lungs: clear on both sides, no wheeze or crackles.",
    "No leg edema.",
  ),
  template(
    "exam-abdomen",
    "objective_exam",
    "Abdomen, normal",
    "Abdomen soft, not tender, no mass.",
    "Bowel sounds present.",
  ),
  template(
    "exam-ent",
    "objective_exam",
    "Ear, nose, throat, normal",
    "Ear drums clear on both sides.",
    "Throat without redness or exudate.",
    "No swollen neck nodes.",
  ),
  template(
    "exam-neuro",
    "objective_exam",
    "Nervous system, short, normal",
    "Cranial nerves intact.",
    "Strength equal on both sides.",
    "Walks steadily.",
  ),
  template(
    "exam-foot",
    "objective_exam",
    "Diabetic foot, normal",
    "Feet without ulcer or callus.",
    "Monofilament felt at all points.",
    "Foot pulses present on both sides.",
  ),
  template("results-none", "objective_results", "No new results", "No new results since the last visit."),
  template(
    "plan-follow-up",
    "assessment_and_plan",
    "Follow-up plan",
    "Continue the present medication.",
    "Return in ___ weeks, earlier if it gets worse.",
  ),
  template(
    "plan-warning-signs",
    "assessment_and_plan",
    "When to come back at once",
    "Come back or call at once for chest pain, trouble breathing, fainting, or fever above 101 °F.",
    "The patient repeated this in own words.",
  ),
  template(
    "plan-lifestyle",
    "assessment_and_plan",
    "Eating, moving, sleeping",
    "Talked about food, exercise and sleep.",
    "Goal agreed with the patient: ___",
  ),
];

export const templatesFor = (section: NoteSection): readonly NoteTemplate[] =>
  noteTemplates.filter((one) => one.section === section);

/** A template as text of a note: every sentence a run of its own, marked with where it came from. */
export const templateRuns = ({ sentences }: NoteTemplate): TextRun[] =>
  sentences.flatMap((text, index): TextRun[] => [
    ...(index > 0 ? [{ text: " ", origin: "typed" as const }] : []),
    { text, origin: "template" },
  ]);

/** The sentences of a section that came from a template and that nobody has accepted. */
export const unaccepted = (runs: readonly TextRun[]): TextRun[] =>
  runs.filter(({ origin }) => origin === "template");

/** Whether a blank of a template, `___`, was left to be filled in. */
export const hasBlank = (runs: readonly TextRun[]): boolean => runs.some(({ text }) => /_{3,}/.test(text));

/** Takes template words as the writer's own: all of them, or those of one sentence. */
export const accepted = (runs: readonly TextRun[], text?: string): TextRun[] =>
  runs.map((run) =>
    run.origin === "template" && (text === undefined || run.text === text)
      ? { ...run, origin: "typed" }
      : run,
  );

/** Throws one unaccepted sentence away. */
export const withoutTemplate = (runs: readonly TextRun[], text: string): TextRun[] =>
  runs.filter((run) => run.origin !== "template" || run.text !== text);

/** Beginnings of a nurse's own note (C10). */
export const nurseTemplates: readonly {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}[] = [
  {
    id: "pressure",
    title: "Blood pressure check",
    text: "Blood pressure check. Sitting, after five minutes of rest: ",
  },
  {
    id: "injection",
    title: "Injection",
    text: "Injection given: \nSite: \nLot: \nTolerated well, watched for 15 minutes.",
  },
  { id: "phone", title: "Phone call", text: "Phone call with the patient, two identifiers checked.\n" },
  { id: "dressing", title: "Dressing change", text: "Dressing changed. Wound: " },
];
