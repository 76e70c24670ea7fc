import { defineMutation } from "../collection.ts";
import { type Patient, patientSchema } from "./patient.schema.ts";

const shape = patientSchema.shape;

/** What only the server sets: merges go through a request and a second person's approval. */
const unmerged = { mergedInto: null, mergedAt: null, mergePending: null } as const;
const serverOnly = {
  id: true,
  recordNumber: true,
  deceasedOn: true,
  mergedInto: true,
  mergedAt: true,
  mergePending: true,
  active: true,
} as const;

/** What the desk may leave out when it is in a hurry. */
const optional = {
  preferredName: shape.preferredName.default(""),
  gender: shape.gender.default(""),
  pronouns: shape.pronouns.default(""),
  language: shape.language.default("en"),
  interpreter: shape.interpreter.default(false),
  phone: shape.phone.default(""),
  email: shape.email.default(""),
  address: shape.address.default(""),
  contacts: shape.contacts.default([]),
};

const register = defineMutation({
  args: patientSchema
    .pick({ id: true, givenName: true, familyName: true, birthDate: true })
    .extend({ sex: shape.sex.default("unknown"), ...optional }),
  permission: "demographics:write",
  audit: "patient.registered",
  apply: (view: Patient | undefined, args) =>
    view ?? { ...args, recordNumber: null, deceasedOn: null, ...unmerged, active: true },
});

const update = defineMutation({
  args: patientSchema.omit(serverOnly).partial().extend({ id: shape.id }),
  permission: "demographics:write",
  audit: "patient.updated",
  apply: (view: Patient | undefined, args) => view && { ...view, ...args },
});

const markDeceased = defineMutation({
  args: patientSchema.pick({ id: true }).extend({ deceasedOn: shape.deceasedOn }),
  permission: "demographics:write",
  audit: "patient.marked_deceased",
  apply: (view: Patient | undefined, args) => view && { ...view, deceasedOn: args.deceasedOn },
});

/** Somebody opened the chart on a device (C27), which the clinic learns when the device reaches it. */
const openChart = defineMutation({
  args: patientSchema.pick({ id: true }),
  permission: "chart:open",
  audit: "chart.opened",
  report: true,
  apply: (view: Patient | undefined) => view,
});

export const patientMutations = { register, update, markDeceased, openChart };
