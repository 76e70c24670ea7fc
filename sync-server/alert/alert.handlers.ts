import { alert } from "#domain/alert/index.ts";
import { addFact, changeFact } from "#server/chart/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { AlertEntity } from "./alert.entity.ts";

export const alertSlice = defineSlice({
  collection: alert,
  entity: AlertEntity,
  history: true,
  handlers: { add: addFact(), end: changeFact(), resume: changeFact() },
});
