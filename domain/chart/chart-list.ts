/** The lists of a chart that can be known to be empty. */
export const chartLists = ["allergies", "medications", "problems"] as const;
export type ChartList = (typeof chartLists)[number];

/**
 * What is known about a list (C01). Absent is not empty: a chart that is not on this tablet never looks like a clean
 * one, and an empty list means nothing until somebody has said that there is none.
 */
export type ListState =
  | { readonly state: "not-here" }
  | { readonly state: "not-asked" }
  | { readonly state: "none-known"; readonly by: string; readonly at: string }
  | { readonly state: "listed"; readonly count: number };

/** `current` = entries that stand now; an assertion of "none" counts only while there is none of them (C02). */
export function listState(
  here: boolean,
  current: number,
  noneKnown: { readonly by: string; readonly at: string; readonly retiredAt: string | null } | undefined,
): ListState {
  if (!here) return { state: "not-here" };
  if (current > 0) return { state: "listed", count: current };
  if (noneKnown && !noneKnown.retiredAt) return { state: "none-known", by: noneKnown.by, at: noneKnown.at };
  return { state: "not-asked" };
}
