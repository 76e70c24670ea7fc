import { defineEntity, p } from "@mikro-orm/core";
import type { Role } from "#domain/access/roles.ts";
import type { BreakGlassOutcome, BreakGlassReason } from "#domain/break-glass/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

/** The review is no part of the row that a tablet gets. */
const schema = defineEntity({
  name: "BreakGlass",
  tableName: "break_glass",
  properties: {
    ...rowColumns,
    patientId: p.uuid(),
    userId: p.uuid(),
    deviceId: p.uuid(),
    role: p.text().$type<Role>(),
    reason: p.text().$type<BreakGlassReason>(),
    words: p.text(),
    begunAt: instantColumn(),
    until: instantColumn(),
    endedAt: instantColumn().nullable(),
    reviewedBy: p.uuid().nullable(),
    reviewedAt: instantColumn().nullable(),
    outcome: p.text().$type<BreakGlassOutcome>().nullable(),
    reviewNote: p.text().default(""),
  },
});
export class BreakGlassEntity extends schema.class {}
schema.setClass(BreakGlassEntity);
