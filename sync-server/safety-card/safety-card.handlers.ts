import { safetyCard } from "#domain/safety-card/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { SafetyCardEntity } from "./safety-card.entity.ts";

export const safetyCardSlice = defineSlice({
  collection: safetyCard,
  entity: SafetyCardEntity,
  handlers: {},
});
