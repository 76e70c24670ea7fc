import { defineEntity, p } from "@mikro-orm/core";
import type { Patient } from "#domain/patient/index.ts";
import { rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Patient",
  tableName: "patient",
  properties: {
    ...rowColumns,
    recordNumber: p.text().nullable(),
    givenName: p.text(),
    familyName: p.text(),
    preferredName: p.text(),
    birthDate: p.date(),
    sex: p.text().$type<Patient["sex"]>(),
    phone: p.text(),
    active: p.boolean(),
  },
});
export class PatientEntity extends schema.class {}
schema.setClass(PatientEntity);
