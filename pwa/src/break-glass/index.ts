import { lazyPart } from "#pwa/app/lazy-part.tsx";

export { GlassStrip } from "./glass-strip.tsx";
export { RestrictedGate } from "./restricted-gate.tsx";
export { useChartDoor } from "./use-chart-door.ts";
export const BreakGlassSheet = lazyPart(() =>
  import("./break-glass-sheet.tsx").then((module) => module.BreakGlassSheet),
);
