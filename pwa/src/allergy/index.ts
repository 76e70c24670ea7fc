export { AllergyCard } from "./allergy-card.tsx";
export { AllergyLine } from "./allergy-line.tsx";
