export { PatientBanner } from "./patient-banner.tsx";
