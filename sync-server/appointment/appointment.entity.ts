import { defineEntity, p } from "@mikro-orm/core";
import type { Appointment } from "#domain/appointment/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Appointment",
  tableName: "appointment",
  properties: {
    ...rowColumns,
    patientId: p.uuid(),
    clinicianId: p.uuid(),
    visitTypeId: p.uuid(),
    start: instantColumn(),
    minutes: p.integer(),
    lane: p.integer(),
    status: p.text().$type<Appointment["status"]>(),
    reason: p.text(),
    roomId: p.uuid().nullable(),
    walkIn: p.boolean(),
    overbookReason: p.text(),
    cancelReason: p.text(),
    trail: p.json<Appointment["trail"]>(),
  },
});
export class AppointmentEntity extends schema.class {}
schema.setClass(AppointmentEntity);
