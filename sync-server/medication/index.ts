export { medicationSlice } from "./medication.handlers.ts";
