import { type ChartList, type ListState, listState } from "#domain/chart/index.ts";
import { useChartPresence, useRows } from "#pwa/local/index.ts";

/** What is known about a list of a chart on this tablet (C01). `current` = entries that stand now. */
export function useListState(patientId: string, list: ChartList, current: number): ListState {
  const presence = useChartPresence(patientId);
  const { rows } = useRows("none-known", { where: { patientId, list } });
  const standing = rows.filter(({ retiredAt }) => retiredAt === null).sort((a, b) => (a.at < b.at ? 1 : -1));
  return listState(presence === "on-this-tablet", current, standing[0]);
}
