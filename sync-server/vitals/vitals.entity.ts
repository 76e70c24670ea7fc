import { defineEntity, p } from "@mikro-orm/core";
import type { Vitals } from "#domain/vitals/index.ts";
import { factColumns } from "#server/chart/index.ts";
import { instantColumn } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Vitals",
  tableName: "vitals",
  properties: {
    ...factColumns,
    takenAt: instantColumn(),
    measurements: p.json<Vitals["measurements"]>(),
    position: p.text().$type<Vitals["position"]>(),
    status: p.text().$type<Vitals["status"]>(),
    statusReason: p.text(),
    replacedBy: p.uuid().nullable(),
    moves: p.json<Vitals["moves"]>(),
    note: p.text(),
  },
});
export class VitalsEntity extends schema.class {}
schema.setClass(VitalsEntity);
