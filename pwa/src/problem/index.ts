export { ProblemCard } from "./problem-card.tsx";
