import { defineEntity, p } from "@mikro-orm/core";
import type { Medication } from "#domain/medication/index.ts";
import { factColumns } from "#server/chart/index.ts";

const schema = defineEntity({
  name: "Medication",
  tableName: "medication",
  properties: {
    ...factColumns,
    duplicateOf: p.uuid().nullable(),
    drug: p.text().nullable(),
    name: p.text(),
    dose: p.text(),
    route: p.text(),
    frequency: p.text(),
    instructions: p.text(),
    status: p.text().$type<Medication["status"]>(),
    startedOn: p.date().nullable(),
    stoppedOn: p.date().nullable(),
    stopReason: p.text(),
    overrideReason: p.text(),
    pending: p.json<Medication["pending"]>(),
    note: p.text(),
  },
});
export class MedicationEntity extends schema.class {}
schema.setClass(MedicationEntity);
