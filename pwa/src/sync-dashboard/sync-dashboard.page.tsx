import { useLingui } from "@lingui/react";
import { can } from "#domain/access/can.ts";
import { type Dashboard, dashboardSchema } from "#domain/operations/dashboard.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { useAnswer, useSession } from "#pwa/local/index.ts";
import { AlertList } from "./alert-list.tsx";
import { DeviceTable } from "./device-table.tsx";
import { FactTiles } from "./fact-tiles.tsx";
import { NodeTable } from "./node-table.tsx";
import { RecordingTable } from "./recording-table.tsx";
import { RefusalTable } from "./refusal-table.tsx";
import classes from "./sync-dashboard.module.css";

/** Milliseconds between two looks while the page is open. */
const EVERY = 5_000;

/** What practice IT watches: devices, recordings, AI nodes, refusals, database, certificate, audit. No clinical content. */
export function SyncDashboardPage() {
  const { user } = useSession();
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "ops:read").allowed)
    return <DeniedPage permission="ops:read" />;
  return <Watched />;
}

function Watched() {
  const { i18n } = useLingui();
  const answered = useAnswer("/api/operations/dashboard", dashboardSchema, EVERY);
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Sync dashboard")}</h1>
        <AsOf {...answered} />
      </header>
      <OnlineOnly answered={answered} label={i18n._("The dashboard is being opened")}>
        {(dashboard) => <Tiles dashboard={dashboard} onChanged={answered.reload} />}
      </OnlineOnly>
    </>
  );
}

function Tiles({ dashboard, onChanged }: { readonly dashboard: Dashboard; readonly onChanged: () => void }) {
  return (
    <>
      <AlertList dashboard={dashboard} />
      <FactTiles dashboard={dashboard} />
      <DeviceTable dashboard={dashboard} onChanged={onChanged} />
      <div className={classes.pair}>
        <RecordingTable dashboard={dashboard} onChanged={onChanged} />
        <div className={classes.stack}>
          <NodeTable dashboard={dashboard} />
          <RefusalTable dashboard={dashboard} />
        </div>
      </div>
    </>
  );
}
