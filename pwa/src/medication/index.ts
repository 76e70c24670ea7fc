export { MedicationCard } from "./medication-card.tsx";
