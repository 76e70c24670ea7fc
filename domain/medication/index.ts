import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { medicationMutations } from "./medication.mutations.ts";
import { medicationSchema } from "./medication.schema.ts";

export {
  isCurrentMedication,
  isSameMedication,
  type Medication,
  medicationSchema,
  medicationStatuses,
  type PendingChange,
} from "./medication.schema.ts";

export const medication = defineCollection({
  name: "medication",
  fhir: "MedicationStatement",
  schema: medicationSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "fact",
  permissions: { read: "chart:read", write: "chart:write" },
  mutations: medicationMutations,
  conflict: "additions",
});
