import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { taskMutations } from "./task.mutations.ts";
import { taskSchema } from "./task.schema.ts";

export { type CallBack, callBackIdOf, callBackOf, lostHold } from "./call-back.ts";
export { type Pool, pools, type Task, taskSchema } from "./task.schema.ts";

export const task = defineCollection({
  name: "task",
  fhir: "Task",
  schema: taskSchema,
  stream: (row) => streams.tasks(row.assigneeId ?? row.pool ?? "nobody", row.kind),
  local: "task",
  permissions: { read: "task:use", write: "task:use" },
  mutations: taskMutations,
  conflict: "server",
});
