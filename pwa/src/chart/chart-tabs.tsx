import { useLingui } from "@lingui/react";
import { IconActivityHeartbeat, IconClipboardHeart, IconHistory, IconNotes } from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import classes from "./chart.module.css";
import { type ChartView, chartViews } from "./chart-view.ts";

const icons = {
  summary: IconClipboardHeart,
  notes: IconNotes,
  vitals: IconActivityHeartbeat,
  timeline: IconHistory,
};

interface ChartTabsProps {
  readonly view: ChartView;
  readonly onShow: (view: ChartView) => void;
}

export function ChartTabs({ view, onShow }: ChartTabsProps) {
  const { i18n } = useLingui();
  const names = {
    summary: i18n._("Summary"),
    notes: i18n._("Notes"),
    vitals: i18n._("Trends"),
    timeline: i18n._("Timeline"),
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = chartViews.at((chartViews.indexOf(view) + step) % chartViews.length)!;
    onShow(next);
    event.currentTarget.querySelector<HTMLElement>(`#chart-tab-${next}`)?.focus();
  };
  return (
    <div
      role="tablist"
      aria-label={i18n._("Parts of the chart")}
      className={classes.tabs}
      onKeyDown={onKeyDown}
    >
      {chartViews.map((one) => {
        const IconOf = icons[one];
        return (
          <button
            key={one}
            id={`chart-tab-${one}`}
            type="button"
            role="tab"
            aria-selected={one === view}
            aria-controls="chart-panel"
            tabIndex={one === view ? 0 : -1}
            className={classes.tab}
            onClick={() => onShow(one)}
          >
            <IconOf size={19} stroke={1.8} aria-hidden />
            {names[one]}
          </button>
        );
      })}
    </div>
  );
}
