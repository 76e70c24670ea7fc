export { startVisit } from "./start-visit.ts";
export { useOpenEncounter } from "./use-open-encounter.ts";
