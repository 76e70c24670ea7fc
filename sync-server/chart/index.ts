export { type BrokenGlass, brokenGlass, underGlass } from "./broken-glass.ts";
export {
  assertChartOpen,
  isChartOpen,
  type RestrictedTeam,
  restrictedAmong,
  restrictedCharts,
} from "./chart-access.ts";
export { joinFact } from "./duplicates.ts";
export { factColumns } from "./fact-columns.ts";
export { addFact, changeFact, retireNoneKnown } from "./fact-handlers.ts";
export { refreshSafetyCard, refreshSafetyCards } from "./safety-cards.ts";
