export { PatientEntity } from "./patient.entity.ts";
export { holdMergeLinks, lockMerges, mergeLinks, samePerson } from "./person.ts";
