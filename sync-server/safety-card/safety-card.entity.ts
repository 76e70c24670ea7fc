import { defineEntity, p } from "@mikro-orm/core";
import type { SafetyCard } from "#domain/safety-card/index.ts";
import { rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "SafetyCard",
  tableName: "safety_card",
  properties: {
    ...rowColumns,
    patientId: p.uuid(),
    name: p.text(),
    birthDate: p.date(),
    sex: p.text().$type<SafetyCard["sex"]>(),
    allergies: p.json<SafetyCard["allergies"]>(),
    medications: p.json<SafetyCard["medications"]>(),
    problems: p.json<SafetyCard["problems"]>(),
    alerts: p.json<SafetyCard["alerts"]>(),
    restricted: p.boolean(),
  },
});
export class SafetyCardEntity extends schema.class {}
schema.setClass(SafetyCardEntity);
