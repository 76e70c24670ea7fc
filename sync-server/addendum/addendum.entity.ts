import { defineEntity, p } from "@mikro-orm/core";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Addendum",
  tableName: "addendum",
  properties: {
    ...rowColumns,
    noteId: p.uuid(),
    patientId: p.uuid(),
    authorId: p.uuid(),
    at: instantColumn(),
    text: p.text(),
  },
});
export class AddendumEntity extends schema.class {}
schema.setClass(AddendumEntity);
