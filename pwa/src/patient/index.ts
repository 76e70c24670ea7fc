export { PatientBanner } from "./patient-banner.tsx";
export { PatientLine } from "./patient-line.tsx";
export { PatientSearch } from "./patient-search.tsx";
export { PatientSheet } from "./patient-sheet.tsx";
