import { defineEntity, p } from "@mikro-orm/core";
import type { DemographicsReview } from "#domain/demographics-review/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "DemographicsReview",
  tableName: "demographics_review",
  properties: {
    ...rowColumns,
    patientId: p.uuid(),
    field: p.text().$type<DemographicsReview["field"]>(),
    standing: p.json<DemographicsReview["standing"]>(),
    other: p.json<DemographicsReview["other"]>(),
    decision: p.text().$type<NonNullable<DemographicsReview["decision"]>>().nullable(),
    decidedBy: p.uuid().nullable(),
    decidedAt: instantColumn().nullable(),
  },
});
export class DemographicsReviewEntity extends schema.class {}
schema.setClass(DemographicsReviewEntity);
