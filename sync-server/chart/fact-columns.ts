import { p } from "@mikro-orm/core";
import type { Fact } from "#domain/chart/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

/** The columns of every clinical fact. */
export const factColumns = {
  ...rowColumns,
  patientId: p.uuid(),
  encounterId: p.uuid().nullable(),
  verification: p.text().$type<Fact["verification"]>(),
  recordedBy: p.uuid(),
  recordedAt: instantColumn(),
  lastChange: p.json<Fact["lastChange"]>(),
};
