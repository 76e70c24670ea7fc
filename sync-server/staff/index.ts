export { assertSeesPatients } from "./clinician.ts";
export { StaffEntity } from "./staff.entity.ts";
