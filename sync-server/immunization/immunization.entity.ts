import { defineEntity, p } from "@mikro-orm/core";
import type { Immunization } from "#domain/immunization/index.ts";
import { factColumns } from "#server/chart/index.ts";

const schema = defineEntity({
  name: "Immunization",
  tableName: "immunization",
  properties: {
    ...factColumns,
    cvx: p.text().nullable(),
    vaccine: p.text(),
    givenOn: p.date(),
    source: p.text().$type<Immunization["source"]>(),
    lot: p.text(),
    site: p.text(),
    status: p.text().$type<Immunization["status"]>(),
    note: p.text(),
  },
});
export class ImmunizationEntity extends schema.class {}
schema.setClass(ImmunizationEntity);
