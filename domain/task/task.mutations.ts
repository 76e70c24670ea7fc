import { defineMutation } from "../collection.ts";
import { type Task, taskSchema } from "./task.schema.ts";

const create = defineMutation({
  args: taskSchema.pick({ id: true, kind: true, title: true, assigneeId: true, pool: true }).extend({
    details: taskSchema.shape.details.default(""),
    patientId: taskSchema.shape.patientId.default(null),
    dueOn: taskSchema.shape.dueOn.default(null),
  }),
  permission: "task:use",
  audit: "task.created",
  apply: (view: Task | undefined, args, stamp) =>
    view ?? {
      ...args,
      callBack: null,
      status: "open" as const,
      createdBy: stamp.actor,
      createdAt: stamp.at,
      closedBy: null,
      closedAt: null,
    },
});

const only = taskSchema.pick({ id: true });

const close = (status: "done" | "cancelled") => (view: Task | undefined, by: string, at: string) =>
  view && view.status === "open" ? { ...view, status, closedBy: by, closedAt: at } : view;

const complete = defineMutation({
  args: only,
  permission: "task:use",
  audit: "task.completed",
  apply: (view: Task | undefined, _args, stamp) => close("done")(view, stamp.actor, stamp.at),
});

const cancel = defineMutation({
  args: only,
  permission: "task:use",
  audit: "task.cancelled",
  apply: (view: Task | undefined, _args, stamp) => close("cancelled")(view, stamp.actor, stamp.at),
});

const reopen = defineMutation({
  args: only,
  permission: "task:use",
  audit: "task.reopened",
  apply: (view: Task | undefined) =>
    view && view.status !== "open"
      ? { ...view, status: "open" as const, closedBy: null, closedAt: null }
      : view,
});

const assign = defineMutation({
  args: taskSchema.pick({ id: true, assigneeId: true, pool: true }),
  permission: "task:use",
  audit: "task.assigned",
  apply: (view: Task | undefined, args) => (view && view.status === "open" ? { ...view, ...args } : view),
});

export const taskMutations = { create, complete, cancel, reopen, assign };
