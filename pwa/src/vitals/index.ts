export { useUnits } from "./units.ts";
export { VitalsCard } from "./vitals-card.tsx";
export { vitalsLine } from "./vitals-text.ts";
export { VitalsTrends } from "./vitals-trends-part.tsx";
