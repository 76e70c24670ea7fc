export const chartViews = ["summary", "notes", "vitals", "timeline"] as const;
export type ChartView = (typeof chartViews)[number];

/** The part of the chart that an address names; the summary when it names none. */
export const chartViewOf = (search: Record<string, unknown>): { view: ChartView } => ({
  view: chartViews.find((view) => view === search.view) ?? "summary",
});
