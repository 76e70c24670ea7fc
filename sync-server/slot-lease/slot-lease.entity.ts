import { defineEntity, p } from "@mikro-orm/core";
import type { SlotLease } from "#domain/slot-lease/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "SlotLease",
  tableName: "slot_lease",
  properties: {
    ...rowColumns,
    clinicianId: p.uuid(),
    start: instantColumn(),
    minutes: p.integer(),
    lane: p.integer(),
    deviceId: p.uuid(),
    until: instantColumn(),
    /** Of the server alone. */
    grantedAt: instantColumn(),
    status: p.text().$type<SlotLease["status"]>(),
  },
});
export class SlotLeaseEntity extends schema.class {}
schema.setClass(SlotLeaseEntity);
