export { useOpenEncounter } from "./use-open-encounter.ts";
