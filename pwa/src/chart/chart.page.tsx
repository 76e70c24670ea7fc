import { useLingui } from "@lingui/react";
import { IconFileOff } from "@tabler/icons-react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { RestrictedGate, useChartDoor } from "#pwa/break-glass/index.ts";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { ToastPlace } from "#pwa/design/toast.tsx";
import { openChart, useRow } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { VitalsTrends } from "#pwa/vitals/index.ts";
import classes from "./chart.module.css";
import { ChartActions } from "./chart-actions.tsx";
import { ChartHeader } from "./chart-header.tsx";
import { ChartSummary } from "./chart-summary.tsx";
import { ChartTabs } from "./chart-tabs.tsx";
import type { ChartView } from "./chart-view.ts";
import { PresenceBar } from "./presence-bar.tsx";

const ChartTimeline = lazyPart(() => import("./chart-timeline.tsx").then((module) => module.ChartTimeline));
const ChartNotes = lazyPart(() => import("./chart-notes.tsx").then((module) => module.ChartNotes));

/** A patient's chart. Everything on it is read from this tablet; what is not here says so. */
export function ChartPage() {
  const { patientId } = useParams({ from: "/patients/$patientId/chart" });
  const may = useMay();
  if (!may("chart:open"))
    return (
      <DeniedPage permission="chart:open" subject={{ type: "patient", id: patientId }} chartOf={patientId} />
    );
  return <OpenChart key={patientId} patientId={patientId} />;
}

function OpenChart({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const navigate = useNavigate();
  const { view } = useSearch({ from: "/patients/$patientId/chart" });
  const { row: patient, ready } = useRow("patient", patientId);
  const { mayOpen, glass } = useChartDoor(patientId);
  const under = glass?.id;
  useEffect(() => openChart(patientId, under), [patientId, under]);
  const show = (next: ChartView) =>
    void navigate({ to: "/patients/$patientId/chart", params: { patientId }, search: { view: next } });
  if (!patient)
    return ready ? (
      <State
        icon={IconFileOff}
        title={i18n._("This patient is not on this tablet")}
        action={{ label: i18n._("Go to Today"), onClick: () => void navigate({ to: "/" }) }}
      >
        {i18n._("The record may be new at the clinic and not have arrived yet.")}
      </State>
    ) : (
      <Opening rows={5} label={i18n._("The chart is being opened")} />
    );
  if (!mayOpen)
    return (
      <div className={classes.page}>
        <RestrictedGate patientId={patientId} />
      </div>
    );
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <ChartHeader patientId={patientId} actions={<ChartActions patientId={patientId} />} />
        <ChartTabs view={view} onShow={show} />
      </div>
      <div id="chart-panel" role="tabpanel" aria-labelledby={`chart-tab-${view}`} className={classes.panel}>
        <PresenceBar patientId={patientId} />
        {view === "summary" && <ChartSummary patientId={patientId} onTrends={() => show("vitals")} />}
        {view === "vitals" && <VitalsTrends patientId={patientId} />}
        {view === "notes" && <ChartNotes patientId={patientId} />}
        {view === "timeline" && <ChartTimeline patientId={patientId} />}
      </div>
      <ToastPlace />
    </div>
  );
}
