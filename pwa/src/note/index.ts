export { LastNoteCard } from "./last-note-card.tsx";
export { NotePanel } from "./note-panel.tsx";
export { noteTitle } from "./note-title.ts";
export { NurseNoteSheet } from "./nurse-note-part.tsx";
export { PastNote } from "./past-note.tsx";
