import {
  changeOf,
  joined,
  joinFields,
  recordedBy,
  seenSchema,
  separated,
  verifiedBy,
} from "../chart/index.ts";
import { defineMutation } from "../collection.ts";
import { type Problem, problemSchema } from "./problem.schema.ts";

const { note, onset, code, resolvedOn } = problemSchema.shape;

const add = defineMutation({
  args: problemSchema
    .pick({ id: true, patientId: true, encounterId: true, title: true })
    .extend({ code: code.default(null), onset: onset.default(null), note: note.default("") }),
  permission: "chart:write",
  audit: "problem.added",
  apply: (view: Problem | undefined, args, stamp) =>
    view ?? { ...args, ...recordedBy(stamp), duplicateOf: null, status: "active" as const, resolvedOn: null },
});

const correct = defineMutation({
  args: problemSchema
    .pick({ id: true, patientId: true, title: true })
    .extend({ seen: seenSchema, code, onset, note }),
  permission: "chart:write",
  audit: "problem.corrected",
  apply: (view: Problem | undefined, { seen: _, ...args }, stamp) =>
    view && view.status === "active"
      ? { ...view, ...args, ...verifiedBy(stamp), lastChange: changeOf(stamp) }
      : view,
});

const only = problemSchema.pick({ id: true, patientId: true });

const confirm = defineMutation({
  args: only,
  permission: "chart:confirm",
  audit: "problem.confirmed",
  apply: (view: Problem | undefined, _args, stamp) =>
    view && { ...view, verification: "confirmed" as const, lastChange: changeOf(stamp) },
});

const resolve = defineMutation({
  args: only.extend({ resolvedOn: resolvedOn.unwrap() }),
  permission: "chart:write",
  audit: "problem.resolved",
  apply: (view: Problem | undefined, args, stamp) =>
    view && view.status === "active"
      ? { ...view, status: "resolved" as const, resolvedOn: args.resolvedOn, lastChange: changeOf(stamp) }
      : view,
});

const reopen = defineMutation({
  args: only,
  permission: "chart:write",
  audit: "problem.reopened",
  apply: (view: Problem | undefined, _args, stamp) =>
    view && view.status === "resolved"
      ? { ...view, status: "active" as const, resolvedOn: null, lastChange: changeOf(stamp) }
      : view,
});

const enterInError = defineMutation({
  args: only,
  permission: "chart:write",
  audit: "problem.entered_in_error",
  apply: (view: Problem | undefined, _args, stamp) =>
    view && { ...view, status: "entered-in-error" as const, lastChange: changeOf(stamp) },
});

/** It says what another entry says (C12). */
const join = defineMutation({
  args: only.extend(joinFields),
  permission: "chart:confirm",
  audit: "problem.joined",
  apply: (view: Problem | undefined, args, stamp) => joined(view, args, stamp),
});

const separate = defineMutation({
  args: only,
  permission: "chart:confirm",
  audit: "problem.separated",
  apply: (view: Problem | undefined, _args, stamp) => separated(view, stamp),
});

export const problemMutations = { add, correct, confirm, resolve, reopen, enterInError, join, separate };
