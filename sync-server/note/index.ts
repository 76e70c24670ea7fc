export { NoteEntity } from "./note.entity.ts";
