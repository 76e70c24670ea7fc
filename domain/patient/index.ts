import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { patientMutations } from "./patient.mutations.ts";
import { patientSchema } from "./patient.schema.ts";

export {
  type DemographicField,
  type Demographics,
  demographicFields,
  identifyingFields,
  isIdentifying,
  mergeDemographics,
} from "./demographics.merge.ts";
export { ageOf, patientName, similarNames } from "./patient.rules.ts";
export {
  type Contact,
  contactSchema,
  type Patient,
  type PendingMerge,
  patientSchema,
  sexes,
} from "./patient.schema.ts";
export {
  isSamePerson,
  type MergeLinks,
  mergeLinksOf,
  noLinks,
  recordsOf,
  survivorOf,
} from "./person.rules.ts";

export const patient = defineCollection({
  name: "patient",
  fhir: "Patient",
  schema: patientSchema,
  stream: () => streams.demographics,
  local: "patient",
  permissions: { read: "demographics:read", write: "demographics:write" },
  mutations: patientMutations,
  conflict: "merge",
});
