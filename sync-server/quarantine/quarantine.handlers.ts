import { quarantine } from "#domain/quarantine/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { QuarantineEntity } from "./quarantine.entity.ts";

export const quarantineSlice = defineSlice({
  collection: quarantine,
  entity: QuarantineEntity,
  handlers: {},
});
