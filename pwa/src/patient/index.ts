export { PatientBanner } from "./patient-banner.tsx";
export { PatientIdentity } from "./patient-identity.tsx";
export { PatientSearch } from "./patient-search.tsx";
export { PatientSheet } from "./patient-sheet.tsx";
