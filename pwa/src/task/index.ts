export { AboutPatient } from "./about-patient.tsx";
export { type Address, Addressee, AddressName } from "./addressee.tsx";
export { PatientTasksCard } from "./patient-tasks-card.tsx";
export { TaskBadge } from "./task-badge.tsx";
export { TaskForm } from "./task-form-part.tsx";
