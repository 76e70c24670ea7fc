import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { noteMutations } from "./note.mutations.ts";
import { noteSchema } from "./note.schema.ts";

export { newNote } from "./note.mutations.ts";
export {
  changedSections,
  mergeRevision,
  type Revision,
  revisionHash,
  sameSection,
  sectionText,
  withoutTranscripts,
} from "./note.rules.ts";
export {
  emptyContent,
  type Note,
  type NoteContent,
  type NoteSection,
  noteContentSchema,
  noteIdOf,
  noteSchema,
  noteSections,
  type TextRun,
  textOrigins,
} from "./note.schema.ts";

export const note = defineCollection({
  name: "note",
  fhir: "Composition",
  schema: noteSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "note",
  permissions: { read: "note:read", write: "note:write" },
  mutations: noteMutations,
  conflict: "revisions",
});
