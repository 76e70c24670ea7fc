import { defineEntity, p } from "@mikro-orm/core";
import type { NoneKnown } from "#domain/none-known/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "NoneKnown",
  tableName: "none_known",
  properties: {
    ...rowColumns,
    patientId: p.uuid(),
    list: p.text().$type<NoneKnown["list"]>(),
    by: p.uuid(),
    at: instantColumn(),
    retiredAt: instantColumn().nullable(),
  },
});
export class NoneKnownEntity extends schema.class {}
schema.setClass(NoneKnownEntity);
