import { defineEntity, p } from "@mikro-orm/core";
import type { Role } from "#domain/access/roles.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "EmergencyAccess",
  tableName: "emergency_access",
  properties: {
    ...rowColumns,
    userId: p.uuid(),
    deviceId: p.uuid(),
    role: p.text().$type<Role>(),
    reason: p.text(),
    begunAt: instantColumn(),
    until: instantColumn(),
    reviewedBy: p.uuid().nullable(),
    reviewedAt: instantColumn().nullable(),
    reviewNote: p.text(),
  },
});
export class EmergencyAccessEntity extends schema.class {}
schema.setClass(EmergencyAccessEntity);
