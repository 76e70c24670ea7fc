export { EncounterEntity } from "./encounter.entity.ts";
