import { staff } from "#domain/staff/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { StaffEntity } from "./staff.entity.ts";

export const staffSlice = defineSlice({ collection: staff, entity: StaffEntity, handlers: {} });
