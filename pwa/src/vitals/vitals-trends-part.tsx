import { lazyPart } from "#pwa/app/lazy-part.tsx";

/** Charts are fetched when somebody looks at them. */
export const VitalsTrends = lazyPart(() =>
  import("./vitals-trends.tsx").then((module) => module.VitalsTrends),
);
