/** Past the domain's index: what stands there is in the first thing that every tablet loads. */
export { capturedRuns, sectionsWith, withoutCaptures } from "#domain/note/text-runs.ts";
export { appended } from "./appended.ts";
export { LastNoteCard } from "./last-note-card.tsx";
export { AddendumSheet } from "./note-afterwards.tsx";
export { NotePanel } from "./note-panel.tsx";
export { noteTitle } from "./note-title.ts";
export { NurseNoteSheet } from "./nurse-note-part.tsx";
export { PastNote } from "./past-note.tsx";
export { sectionName } from "./section-names.ts";
export { openDraft } from "./use-open-draft.ts";
