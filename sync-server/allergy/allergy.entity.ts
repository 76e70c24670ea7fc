import { defineEntity, p } from "@mikro-orm/core";
import type { Allergy } from "#domain/allergy/index.ts";
import { factColumns } from "#server/chart/index.ts";

const schema = defineEntity({
  name: "Allergy",
  tableName: "allergy",
  properties: {
    ...factColumns,
    duplicateOf: p.uuid().nullable(),
    allergen: p.text().nullable(),
    substance: p.text(),
    reactions: p.json<Allergy["reactions"]>(),
    severity: p.text().$type<Allergy["severity"]>(),
    status: p.text().$type<Allergy["status"]>(),
    statusReason: p.text(),
    note: p.text(),
  },
});
export class AllergyEntity extends schema.class {}
schema.setClass(AllergyEntity);
