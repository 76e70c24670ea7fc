import { immunization } from "#domain/immunization/index.ts";
import { addFact, changeFact } from "#server/chart/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { ImmunizationEntity } from "./immunization.entity.ts";

export const immunizationSlice = defineSlice({
  collection: immunization,
  entity: ImmunizationEntity,
  history: true,
  handlers: { add: addFact(), enterInError: changeFact() },
});
