import * as z from "zod";
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
import { idSchema } from "../kernel/id.ts";
import { dosageFields, type Medication, medicationSchema, type PendingChange } from "./medication.schema.ts";

const { drug, note, startedOn, stopReason, overrideReason } = medicationSchema.shape;

const add = defineMutation({
  args: medicationSchema.pick({ id: true, patientId: true, encounterId: true, name: true }).extend({
    drug: drug.default(null),
    dose: dosageFields.dose.default(""),
    route: dosageFields.route.default(""),
    frequency: dosageFields.frequency.default(""),
    instructions: dosageFields.instructions.default(""),
    startedOn: startedOn.default(null),
    overrideReason: overrideReason.default(""),
    note: note.default(""),
  }),
  permission: "chart:write",
  audit: "medication.added",
  apply: (view: Medication | undefined, args, stamp) =>
    view ?? {
      ...args,
      ...recordedBy(stamp),
      duplicateOf: null,
      status: "active" as const,
      stoppedOn: null,
      stopReason: "",
      pending: [],
    },
});

const only = medicationSchema.pick({ id: true, patientId: true });

/** Makes a change; on an entry that has changed since the person looked, it waits beside it (C12). */
function decideOrWait(
  view: Medication | undefined,
  seen: string,
  waiting: PendingChange,
  stamp: MutationStamp,
): Medication | undefined {
  if (view?.status !== "active" || view.pending.some(({ id }) => id === waiting.id)) return view;
  if (view.lastChange.id !== seen) return { ...view, pending: [...view.pending, waiting] };
  return carryOut(view, waiting, stamp);
}

function carryOut(view: Medication, change: PendingChange, stamp: MutationStamp): Medication {
  const lastChange = changeOf(stamp);
  if (change.change === "stop")
    return {
      ...view,
      status: "stopped",
      stoppedOn: change.stoppedOn,
      stopReason: change.reason,
      lastChange,
    };
  const { dose, route, frequency, instructions } = change;
  return { ...view, dose, route, frequency, instructions, ...verifiedBy(stamp), lastChange };
}

const changeDose = defineMutation({
  args: only.extend({ ...dosageFields, seen: seenSchema }),
  permission: "chart:write",
  audit: "medication.dose_changed",
  apply: (view: Medication | undefined, { seen, id: _, patientId: _p, ...dosage }, stamp) =>
    decideOrWait(view, seen, { change: "dose", ...changeOf(stamp), ...dosage }, stamp),
});

const stop = defineMutation({
  args: only.extend({
    stoppedOn: medicationSchema.shape.stoppedOn.unwrap(),
    stopReason,
    seen: seenSchema,
  }),
  permission: "chart:write",
  audit: "medication.stopped",
  apply: (view: Medication | undefined, args, stamp) =>
    decideOrWait(
      view,
      args.seen,
      { change: "stop", ...changeOf(stamp), stoppedOn: args.stoppedOn, reason: args.stopReason },
      stamp,
    ),
});

/**
 * It is taken again: a stop is taken back, also one of one's own that still waits. A nurse who takes back somebody
 * else's stop reports that it is taken (C10).
 */
const resume = defineMutation({
  args: only,
  permission: "chart:write",
  audit: "medication.resumed",
  apply: (view: Medication | undefined, _args, stamp) => {
    if (view?.status === "stopped") {
      const verified = view.lastChange.by === stamp.actor ? {} : verifiedBy(stamp);
      const active = { status: "active" as const, stoppedOn: null, stopReason: "" };
      return { ...view, ...active, ...verified, lastChange: changeOf(stamp) };
    }
    const rest = view?.pending.filter(({ change, by }) => change !== "stop" || by !== stamp.actor);
    return view?.status === "active" && rest && rest.length < view.pending.length
      ? { ...view, pending: rest, lastChange: changeOf(stamp) }
      : view;
  },
});

/** A clinician takes or drops a change that waits. */
const decide = defineMutation({
  args: only.extend({ pendingId: idSchema, decision: z.enum(["take", "drop"]) }),
  permission: "chart:confirm",
  audit: "medication.change_decided",
  apply: (view: Medication | undefined, args, stamp) => {
    const waiting = view?.pending.find(({ id }) => id === args.pendingId);
    if (!view || !waiting) return view;
    const rest = { ...view, pending: view.pending.filter((one) => one !== waiting) };
    return args.decision === "take"
      ? carryOut(rest, waiting, stamp)
      : { ...rest, lastChange: changeOf(stamp) };
  },
});

const confirm = defineMutation({
  args: only,
  permission: "chart:confirm",
  audit: "medication.confirmed",
  apply: (view: Medication | undefined, _args, stamp) =>
    view && { ...view, verification: "confirmed" as const, lastChange: changeOf(stamp) },
});

const enterInError = defineMutation({
  args: only,
  permission: "chart:write",
  audit: "medication.entered_in_error",
  apply: (view: Medication | undefined, _args, stamp) =>
    view && { ...view, status: "entered-in-error" as const, lastChange: changeOf(stamp) },
});

/** It says what another entry says. A change that waits beside it is decided first; doses are never mixed (C12). */
const join = defineMutation({
  args: only.extend(joinFields),
  permission: "chart:confirm",
  audit: "medication.joined",
  apply: (view: Medication | undefined, args, stamp) =>
    view?.pending.length ? view : joined(view, args, stamp),
});

const separate = defineMutation({
  args: only,
  permission: "chart:confirm",
  audit: "medication.separated",
  apply: (view: Medication | undefined, _args, stamp) => separated(view, stamp),
});

export const medicationMutations = {
  add,
  changeDose,
  stop,
  resume,
  decide,
  confirm,
  enterInError,
  join,
  separate,
};
