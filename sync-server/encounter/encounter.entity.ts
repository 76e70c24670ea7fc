import { defineEntity, p } from "@mikro-orm/core";
import type { Encounter } from "#domain/encounter/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Encounter",
  tableName: "encounter",
  properties: {
    ...rowColumns,
    appointmentId: p.uuid(),
    patientId: p.uuid(),
    clinicianId: p.uuid(),
    status: p.text().$type<Encounter["status"]>(),
    startedAt: instantColumn(),
    finishedAt: instantColumn().nullable(),
  },
});
export class EncounterEntity extends schema.class {}
schema.setClass(EncounterEntity);
