import { defineEntity, p } from "@mikro-orm/core";
import type { Pool, Task } from "#domain/task/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Task",
  tableName: "task",
  properties: {
    ...rowColumns,
    kind: p.text().$type<Task["kind"]>(),
    title: p.text(),
    details: p.text(),
    patientId: p.uuid().nullable(),
    assigneeId: p.uuid().nullable(),
    pool: p.text().$type<Pool>().nullable(),
    dueOn: p.date().nullable(),
    callBack: p.json<Task["callBack"]>().nullable(),
    status: p.text().$type<Task["status"]>(),
    createdBy: p.uuid(),
    createdAt: instantColumn(),
    closedBy: p.uuid().nullable(),
    closedAt: instantColumn().nullable(),
  },
});
export class TaskEntity extends schema.class {}
schema.setClass(TaskEntity);
