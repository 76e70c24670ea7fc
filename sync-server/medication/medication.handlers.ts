import { medication } from "#domain/medication/index.ts";
import { addFact, changeFact, joinFact } from "#server/chart/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { MedicationEntity } from "./medication.entity.ts";

export const medicationSlice = defineSlice({
  collection: medication,
  entity: MedicationEntity,
  history: true,
  handlers: {
    add: addFact({ list: "medications" }),
    changeDose: changeFact(),
    stop: changeFact(),
    resume: changeFact({ list: "medications" }),
    decide: changeFact(),
    confirm: changeFact(),
    enterInError: changeFact(),
    join: joinFact(MedicationEntity),
    separate: changeFact({ list: "medications" }),
  },
});
