export { AlertCard } from "./alert-card.tsx";
export { AlertMarks } from "./alert-marks.tsx";
