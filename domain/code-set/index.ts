/**
 * Code sets a practice picks from, and the checks that rest on them (C13, C15). Small and curated: none is the full
 * official set, none is a drug database. Every table is read when it is first asked for.
 */
export {
  type AgeRange,
  type EntryUnit,
  fromCanonical,
  type Limits,
  type Person,
  type Range,
  rangeFor,
  toCanonical,
  type Verdict,
} from "./age.ts";
export {
  type Allergen,
  type AllergenKind,
  type AllergySeverity,
  allergenKinds,
  allergens,
  allergensInText,
  allergySeverities,
  reactions,
} from "./allergens.ts";
export { type Vaccine, vaccine, vaccines } from "./cvx.ts";
export {
  type CrossReason,
  checkMedication,
  crossReasons,
  type KnownAllergy,
  type KnownMedication,
  type MedicationCheck,
  type MedicationWarning,
  type WarningKind,
} from "./drug-checks.ts";
export { type DrugClass, drugClasses, withWider } from "./drug-classes.ts";
export { drugsInText, drugsNamed } from "./drug-names.ts";
export { classesOfDrug, type Drug, type DrugForm, type DrugRoute, drugRoutes, drugs } from "./drugs.ts";
export { type ProblemCode, type ProblemGroup, problemCodes, problemGroups } from "./icd-10-cm.ts";
export { judgeResult, type LoincCode, loincCode, loincCodes } from "./loinc.ts";
export {
  type AllergenChoice,
  searchAllergens,
  searchDrugs,
  searchProblems,
  searchTests,
  searchVaccines,
} from "./search.ts";
export { bmiOf, type EnteredVital, problemsOfVitals, type VitalProblem, vitalCodes } from "./vital-set.ts";
export {
  bodyMassIndex,
  judgeVital,
  systolicAboveDiastolic,
  type VitalJudgement,
  type VitalSign,
  vitalIn,
  vitalSign,
  vitalSigns,
} from "./vitals-limits.ts";
