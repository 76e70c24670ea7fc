import { defineEntity, p } from "@mikro-orm/core";
import type { DemographicField, Patient, PendingMerge } from "#domain/patient/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

export type Entered = {
  readonly [F in DemographicField]?: { readonly by: string; readonly at: string; readonly deviceId: string };
};

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
    /** Who entered what stands in each field, and on which device. Fields of before the clinic kept track are absent. */
    entered: p.json<Entered>().nullable(),
  },
});
export class PatientEntity extends schema.class {}
schema.setClass(PatientEntity);
