export { assertSeesPatients } from "./clinician.ts";
