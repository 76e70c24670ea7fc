import { defineEntity, p } from "@mikro-orm/core";
import type { Problem } from "#domain/problem/index.ts";
import { factColumns } from "#server/chart/index.ts";

const schema = defineEntity({
  name: "Problem",
  tableName: "problem",
  properties: {
    ...factColumns,
    duplicateOf: p.uuid().nullable(),
    code: p.text().nullable(),
    title: p.text(),
    onset: p.date().nullable(),
    status: p.text().$type<Problem["status"]>(),
    resolvedOn: p.date().nullable(),
    note: p.text(),
  },
});
export class ProblemEntity extends schema.class {}
schema.setClass(ProblemEntity);
