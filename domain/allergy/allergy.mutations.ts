import {
  changeOf,
  joined,
  joinFields,
  recordedBy,
  seenSchema,
  separated,
  verifiedBy,
} from "../chart/index.ts";
import { defineMutation, type MutationStamp } from "../collection.ts";
import { type Allergy, allergySchema } from "./allergy.schema.ts";

const { allergen, note, reactions, severity, statusReason } = allergySchema.shape;

const add = defineMutation({
  args: allergySchema.pick({ id: true, patientId: true, encounterId: true, substance: true }).extend({
    allergen: allergen.default(null),
    reactions: reactions.default([]),
    severity: severity.default("unknown"),
    note: note.default(""),
  }),
  permission: "chart:write",
  audit: "allergy.added",
  apply: (view: Allergy | undefined, args, stamp) =>
    view ?? { ...args, ...recordedBy(stamp), duplicateOf: null, status: "active" as const, statusReason: "" },
});

const only = allergySchema.pick({ id: true, patientId: true });

const correct = defineMutation({
  args: only.extend({ seen: seenSchema, reactions, severity, note }),
  permission: "chart:write",
  audit: "allergy.corrected",
  apply: (view: Allergy | undefined, { seen: _, ...args }, stamp) =>
    view && view.status === "active"
      ? { ...view, ...args, ...verifiedBy(stamp), lastChange: changeOf(stamp) }
      : view,
});

const confirm = defineMutation({
  args: only,
  permission: "chart:confirm",
  audit: "allergy.confirmed",
  apply: (view: Allergy | undefined, _args, stamp) =>
    view && { ...view, verification: "confirmed" as const, lastChange: changeOf(stamp) },
});

/** Only a clinician takes an allergy off the list (C12). One that is off it already stays as it is, with its reason. */
const offTheList = (
  status: "refuted" | "ended",
  view: Allergy | undefined,
  statusReason: string,
  stamp: MutationStamp,
) =>
  view && view.status === "active" ? { ...view, status, statusReason, lastChange: changeOf(stamp) } : view;

const refute = defineMutation({
  args: only.extend({ statusReason: statusReason.min(3), seen: seenSchema }),
  permission: "allergy:end",
  audit: "allergy.refuted",
  apply: (view: Allergy | undefined, args, stamp) => offTheList("refuted", view, args.statusReason, stamp),
});

const endIt = defineMutation({
  args: only.extend({ statusReason: statusReason.min(3), seen: seenSchema }),
  permission: "allergy:end",
  audit: "allergy.ended",
  apply: (view: Allergy | undefined, args, stamp) => offTheList("ended", view, args.statusReason, stamp),
});

const enterInError = defineMutation({
  args: only.extend({ statusReason: statusReason.min(3) }),
  permission: "allergy:end",
  audit: "allergy.entered_in_error",
  apply: (view: Allergy | undefined, args, stamp) =>
    view && {
      ...view,
      status: "entered-in-error" as const,
      statusReason: args.statusReason,
      lastChange: changeOf(stamp),
    },
});

/** It stands again: it was refuted or ended by a slip, or came back. */
const reinstate = defineMutation({
  args: only,
  permission: "allergy:end",
  audit: "allergy.reinstated",
  apply: (view: Allergy | undefined, _args, stamp) =>
    view && (view.status === "refuted" || view.status === "ended")
      ? { ...view, status: "active" as const, statusReason: "", lastChange: changeOf(stamp) }
      : view,
});

/** It says what another entry says (C12). */
const join = defineMutation({
  args: only.extend(joinFields),
  permission: "chart:confirm",
  audit: "allergy.joined",
  apply: (view: Allergy | undefined, args, stamp) => joined(view, args, stamp),
});

const separate = defineMutation({
  args: only,
  permission: "chart:confirm",
  audit: "allergy.separated",
  apply: (view: Allergy | undefined, _args, stamp) => separated(view, stamp),
});

export const allergyMutations = {
  add,
  correct,
  confirm,
  refute,
  end: endIt,
  reinstate,
  enterInError,
  join,
  separate,
};
