import { allergy } from "#domain/allergy/index.ts";
import { addFact, changeFact, joinFact } from "#server/chart/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { AllergyEntity } from "./allergy.entity.ts";

export const allergySlice = defineSlice({
  collection: allergy,
  entity: AllergyEntity,
  history: true,
  handlers: {
    add: addFact({ list: "allergies" }),
    correct: changeFact({ mustBeLatest: true }),
    confirm: changeFact(),
    refute: changeFact({ mustBeLatest: true }),
    end: changeFact({ mustBeLatest: true }),
    reinstate: changeFact({ list: "allergies" }),
    enterInError: changeFact(),
    join: joinFact(AllergyEntity),
    separate: changeFact({ list: "allergies" }),
  },
});
