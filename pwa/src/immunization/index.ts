export { ImmunizationCard } from "./immunization-card.tsx";
