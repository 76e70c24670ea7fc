import { defineEntity, p } from "@mikro-orm/core";
import type { Patient, PendingMerge } from "#domain/patient/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

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
    gender: p.text(),
    pronouns: p.text(),
    language: p.text(),
    interpreter: p.boolean(),
    phone: p.text(),
    email: p.text(),
    address: p.text(),
    contacts: p.json<Patient["contacts"]>(),
    deceasedOn: p.date().nullable(),
    mergedInto: p.uuid().nullable(),
    mergedAt: instantColumn().nullable(),
    mergePending: p.json<PendingMerge>().nullable(),
    active: p.boolean(),
  },
});
export class PatientEntity extends schema.class {}
schema.setClass(PatientEntity);
