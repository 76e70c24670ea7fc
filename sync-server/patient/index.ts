export { PatientEntity } from "./patient.entity.ts";
