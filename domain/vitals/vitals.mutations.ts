import { changeOf, moved, moveSchema, recordedBy } from "../chart/index.ts";
import { defineMutation } from "../collection.ts";
import { type Vitals, vitalsSchema } from "./vitals.schema.ts";

const { position, note, statusReason, replacedBy } = vitalsSchema.shape;

const record = defineMutation({
  args: vitalsSchema
    .pick({ id: true, patientId: true, encounterId: true, takenAt: true, measurements: true })
    .extend({ position: position.default("unknown"), note: note.default("") }),
  permission: "chart:write",
  audit: "vitals.recorded",
  apply: (view: Vitals | undefined, args, stamp) =>
    view ?? {
      ...args,
      ...recordedBy(stamp),
      verification: "confirmed" as const,
      status: "final" as const,
      statusReason: "",
      replacedBy: null,
      moves: [],
    },
});

const enterInError = defineMutation({
  args: vitalsSchema
    .pick({ id: true, patientId: true })
    .extend({ statusReason: statusReason.min(3), replacedBy: replacedBy.default(null) }),
  permission: "chart:write",
  audit: "vitals.entered_in_error",
  apply: (view: Vitals | undefined, args, stamp) =>
    view && view.status === "final"
      ? {
          ...view,
          status: "entered-in-error" as const,
          statusReason: args.statusReason,
          replacedBy: args.replacedBy,
          lastChange: changeOf(stamp),
        }
      : view,
});

/** Taken of one patient, entered on another: the set goes to the right chart, with trail (C05). */
const move = defineMutation({
  args: vitalsSchema
    .pick({ id: true, patientId: true, encounterId: true })
    .extend({ reason: moveSchema.shape.reason }),
  permission: "chart:write",
  audit: "vitals.moved",
  apply: (view: Vitals | undefined, { reason, ...to }, stamp) =>
    view && view.patientId !== to.patientId
      ? { ...view, ...to, moves: moved(view, { ...to, reason }, stamp), lastChange: changeOf(stamp) }
      : view,
});

export const vitalsMutations = { record, enterInError, move };
