export { WorkingHoursEntity } from "./working-hours.entity.ts";
