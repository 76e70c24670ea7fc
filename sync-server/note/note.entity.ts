import { defineEntity, p } from "@mikro-orm/core";
import type { Note, NoteContent, NoteSection } from "#domain/note/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const noteSchema = defineEntity({
  name: "Note",
  tableName: "note",
  properties: {
    ...rowColumns,
    encounterId: p.uuid().nullable(),
    patientId: p.uuid(),
    authorId: p.uuid(),
    kind: p.text().$type<Note["kind"]>(),
    status: p.text().$type<Note["status"]>(),
    content: p.json<NoteContent>(),
    sectionRevisions: p.json<Note["sectionRevisions"]>(),
    revisionId: p.uuid(),
    revisionHash: p.text(),
    alternatives: p.json<Note["alternatives"]>(),
    signature: p.json<NonNullable<Note["signature"]>>().nullable(),
    enteredInError: p.json<NonNullable<Note["enteredInError"]>>().nullable(),
    updatedAt: instantColumn(),
  },
});
export class NoteEntity extends noteSchema.class {}
noteSchema.setClass(NoteEntity);

/** Every state a note was ever in as its author saw it; append-only. */
const revisionSchema = defineEntity({
  name: "NoteRevision",
  tableName: "note_revision",
  properties: {
    id: p.uuid().primary(),
    noteId: p.uuid(),
    base: p.uuid().nullable(),
    authorId: p.uuid(),
    at: instantColumn(),
    content: p.json<NoteContent>(),
    changed: p.array().columnType("text[]").$type<NoteSection[]>(),
    hash: p.text(),
  },
});
export class NoteRevisionEntity extends revisionSchema.class {}
revisionSchema.setClass(NoteRevisionEntity);
