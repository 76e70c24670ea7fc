import { changeOf, recordedBy } from "../chart/index.ts";
import { defineMutation } from "../collection.ts";
import { type Alert, alertSchema } from "./alert.schema.ts";

const add = defineMutation({
  args: alertSchema.pick({ id: true, patientId: true, encounterId: true, kind: true, text: true }),
  permission: "chart:write",
  audit: "alert.added",
  apply: (view: Alert | undefined, args, stamp) => view ?? { ...args, ...recordedBy(stamp), active: true },
});

const end = defineMutation({
  args: alertSchema.pick({ id: true, patientId: true }),
  permission: "chart:write",
  audit: "alert.ended",
  apply: (view: Alert | undefined, _args, stamp) =>
    view && { ...view, active: false, lastChange: changeOf(stamp) },
});

/** It holds again: the end was a slip, or came too early. */
const resume = defineMutation({
  args: alertSchema.pick({ id: true, patientId: true }),
  permission: "chart:write",
  audit: "alert.resumed",
  apply: (view: Alert | undefined, _args, stamp) =>
    view && !view.active ? { ...view, active: true, lastChange: changeOf(stamp) } : view,
});

export const alertMutations = { add, end, resume };
