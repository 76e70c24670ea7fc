import { changeOf, recordedBy } from "../chart/index.ts";
import { defineMutation } from "../collection.ts";
import { type Immunization, immunizationSchema } from "./immunization.schema.ts";

const { cvx, lot, site, note } = immunizationSchema.shape;

const add = defineMutation({
  args: immunizationSchema
    .pick({ id: true, patientId: true, encounterId: true, vaccine: true, givenOn: true, source: true })
    .extend({ cvx: cvx.default(null), lot: lot.default(""), site: site.default(""), note: note.default("") }),
  permission: "chart:write",
  audit: "immunization.added",
  apply: (view: Immunization | undefined, args, stamp) =>
    view ?? { ...args, ...recordedBy(stamp), status: "completed" as const },
});

const enterInError = defineMutation({
  args: immunizationSchema.pick({ id: true, patientId: true }),
  permission: "chart:write",
  audit: "immunization.entered_in_error",
  apply: (view: Immunization | undefined, _args, stamp) =>
    view && { ...view, status: "entered-in-error" as const, lastChange: changeOf(stamp) },
});

export const immunizationMutations = { add, enterInError };
