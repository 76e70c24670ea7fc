import { useEffect } from "react";
import type { NoteContent, NoteSection, TextRun } from "#domain/note/index.ts";
import { createValue } from "#pwa/local/value.ts";
import type { NoteDraft } from "./use-note-draft.ts";

/** A draft on the screen, as its writer has it before them: what stands beside it can put words into it. */
export interface OpenDraft {
  readonly noteId: string;
  readonly content: NoteContent;
  /** As if it had been typed: saved at the next pause, based on what is on the screen. */
  write(section: NoteSection, content: TextRun[]): void;
}

/** Null where no note is being written, or by nobody who may. */
export const openDraft = createValue<OpenDraft | null>(null);

/** Offers the draft to what stands beside it, while it is open. */
export function useOpenDraft(noteId: string, { content, write }: NoteDraft, mine: boolean): void {
  useEffect(() => openDraft.set(mine ? { noteId, content, write } : null), [noteId, content, write, mine]);
  useEffect(() => () => openDraft.set(null), []);
}
