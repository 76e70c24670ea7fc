import { visitType } from "#domain/visit-type/index.ts";
import { addNew, applyAsIs, defineSlice } from "#server/sync/slice.ts";
import { VisitTypeEntity } from "./visit-type.entity.ts";

export const visitTypeSlice = defineSlice({
  collection: visitType,
  entity: VisitTypeEntity,
  handlers: { add: addNew, change: applyAsIs },
});
