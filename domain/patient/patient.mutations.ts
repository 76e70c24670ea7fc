import { defineMutation } from "../collection.ts";
import { type Patient, patientSchema } from "./patient.schema.ts";

const register = defineMutation({
  args: patientSchema
    .pick({ id: true, givenName: true, familyName: true, birthDate: true, sex: true })
    .extend({
      preferredName: patientSchema.shape.preferredName.default(""),
      phone: patientSchema.shape.phone.default(""),
    }),
  permission: "demographics:write",
  audit: "patient.registered",
  apply: (view: Patient | undefined, args) => view ?? { ...args, recordNumber: null, active: true },
});

const update = defineMutation({
  args: patientSchema
    .pick({ givenName: true, familyName: true, preferredName: true, birthDate: true, sex: true, phone: true })
    .partial()
    .extend({ id: patientSchema.shape.id }),
  permission: "demographics:write",
  audit: "patient.updated",
  apply: (view: Patient | undefined, args) => view && { ...view, ...args },
});

export const patientMutations = { register, update };
