export { NotePanel } from "./note-panel.tsx";
