import { defineEntity, p } from "@mikro-orm/core";
import { rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "VisitType",
  tableName: "visit_type",
  properties: { ...rowColumns, name: p.text(), minutes: p.integer(), active: p.boolean() },
});
export class VisitTypeEntity extends schema.class {}
schema.setClass(VisitTypeEntity);
