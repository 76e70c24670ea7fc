export { PatientFinder } from "./finder/patient-finder.tsx";
export { similarNames } from "./name-match.ts";
export { PatientBanner } from "./patient-banner.tsx";
export { PatientLine, PatientMarks } from "./patient-line.tsx";
export { RegistrationForm } from "./registration-form.tsx";
