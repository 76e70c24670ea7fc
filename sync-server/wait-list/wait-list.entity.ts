import { defineEntity, p } from "@mikro-orm/core";
import type { WaitListEntry } from "#domain/wait-list/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "WaitList",
  tableName: "wait_list",
  properties: {
    ...rowColumns,
    patientId: p.uuid(),
    clinicianId: p.uuid().nullable(),
    visitTypeId: p.uuid(),
    from: p.date(),
    until: p.date(),
    note: p.text(),
    status: p.text().$type<WaitListEntry["status"]>(),
    appointmentId: p.uuid().nullable(),
    addedBy: p.uuid(),
    addedAt: instantColumn(),
  },
});
export class WaitListEntity extends schema.class {}
schema.setClass(WaitListEntity);
