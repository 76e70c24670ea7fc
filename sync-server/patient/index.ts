export { assertBorn, keepBeforeMark, openRecord } from "./demographics.ts";
export { PatientEntity } from "./patient.entity.ts";
export { holdMergeLinks, lockMerges, lockPeople, mergeLinks, samePerson } from "./person.ts";
