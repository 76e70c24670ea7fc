import type { I18n } from "@lingui/core";
import type { NoteSection } from "#domain/note/index.ts";

export const sectionName = (i18n: I18n, section: NoteSection): string =>
  ({
    subjective: i18n._("Subjective"),
    objective_exam: i18n._("Exam"),
    objective_results: i18n._("Results"),
    assessment_and_plan: i18n._("Assessment & plan"),
  })[section];
