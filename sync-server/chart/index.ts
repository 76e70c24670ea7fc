export { assertChartOpen, restrictedCharts } from "./chart-access.ts";
export { factColumns } from "./fact-columns.ts";
export { addFact, changeFact } from "./fact-handlers.ts";
export { refreshSafetyCard, refreshSafetyCards } from "./safety-cards.ts";
