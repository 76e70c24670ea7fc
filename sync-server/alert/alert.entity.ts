import { defineEntity, p } from "@mikro-orm/core";
import type { Alert } from "#domain/alert/index.ts";
import { factColumns } from "#server/chart/index.ts";

const schema = defineEntity({
  name: "Alert",
  tableName: "alert",
  properties: {
    ...factColumns,
    kind: p.text().$type<Alert["kind"]>(),
    text: p.text(),
    active: p.boolean(),
  },
});
export class AlertEntity extends schema.class {}
schema.setClass(AlertEntity);
