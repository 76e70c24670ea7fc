import type { I18n } from "@lingui/core";
import type { Note } from "#domain/note/index.ts";

export const noteTitle = (i18n: I18n, note: Pick<Note, "kind" | "status">): string =>
  note.kind === "nurse"
    ? note.status === "signed"
      ? i18n._("Nurse note")
      : i18n._("Nurse note, draft")
    : note.status === "signed"
      ? i18n._("Visit note")
      : i18n._("Visit note, draft");
