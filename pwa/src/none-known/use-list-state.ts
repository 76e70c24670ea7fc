import { type ChartList, type ListState, listState } from "#domain/chart/index.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { useChartPresence, useRow } from "#pwa/local/index.ts";

/** What is known about a list of a chart on this tablet (C01). `current` = entries that stand now. */
export function useListState(patientId: string, list: ChartList, current: number): ListState {
  const presence = useChartPresence(patientId);
  const { row } = useRow("none-known", noneKnownIdOf(patientId, list));
  return listState(presence === "on-this-tablet", current, row);
}
