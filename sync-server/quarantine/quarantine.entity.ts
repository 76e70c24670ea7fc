import { defineEntity, p } from "@mikro-orm/core";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

/** What a chart says about work that waits for review. The work itself stands sealed in other columns of the table. */
const schema = defineEntity({
  name: "Quarantine",
  tableName: "quarantine",
  properties: {
    ...rowColumns,
    patientId: p.uuid().nullable(),
    authorId: p.uuid().fieldName("user_id"),
    writtenAt: instantColumn(),
    handedTo: p.uuid().nullable(),
  },
});
export class QuarantineEntity extends schema.class {}
schema.setClass(QuarantineEntity);
