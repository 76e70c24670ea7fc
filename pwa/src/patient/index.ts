export { PatientFinder } from "./finder/patient-finder.tsx";
export { similarNames } from "./name-match.ts";
export { PatientBanner } from "./patient-banner.tsx";
export { PatientIdentity } from "./patient-identity.tsx";
export { PatientLine, PatientMarks } from "./patient-line.tsx";
export { PatientSearch } from "./patient-search.tsx";
export { PatientSheet } from "./patient-sheet.tsx";
export { RegistrationForm } from "./registration-form.tsx";
