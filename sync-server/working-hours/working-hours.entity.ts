import { defineEntity, p } from "@mikro-orm/core";
import type { WorkingHours } from "#domain/working-hours/index.ts";
import { rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "WorkingHours",
  tableName: "working_hours",
  properties: {
    ...rowColumns,
    clinicianId: p.uuid(),
    weekday: p.integer(),
    spans: p.json<WorkingHours["spans"]>(),
    capacity: p.integer(),
  },
});
export class WorkingHoursEntity extends schema.class {}
schema.setClass(WorkingHoursEntity);
