import { useLingui } from "@lingui/react";
import { CLOCK_TOLERANCE } from "#domain/kernel/clock.ts";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { agoText, bytesText } from "./numbers.ts";
import classes from "./sync-dashboard.module.css";

type Device = Dashboard["devices"][number];

/** Every tablet and browser with what it last said of itself. */
export function DeviceTable({ dashboard }: { readonly dashboard: Dashboard }) {
  const { i18n } = useLingui();
  return (
    <section className={classes.panel} aria-labelledby="devices">
      <h2 id="devices" className={classes.panelTitle}>
        {i18n._("Devices")}
      </h2>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{i18n._("Device")}</th>
              <th scope="col">{i18n._("Person")}</th>
              <th scope="col">{i18n._("Last seen")}</th>
              <th scope="col">{i18n._("Waiting there")}</th>
              <th scope="col">{i18n._("Storage")}</th>
              <th scope="col">{i18n._("Clock")}</th>
              <th scope="col">{i18n._("Version")}</th>
            </tr>
          </thead>
          <tbody>
            {dashboard.devices.map((device) => (
              <Row key={device.id} device={device} now={dashboard.at} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({
  device: { name, status, user, lastSeenAt, report },
  now,
}: {
  readonly device: Device;
  readonly now: string;
}) {
  const { i18n } = useLingui();
  return (
    <tr>
      <th scope="row">
        {name} {status === "revoked" && <StateBadge tone="bad">{i18n._("Removed")}</StateBadge>}
      </th>
      <td>{user ?? ""}</td>
      <td className={classes.number}>{agoText(i18n, now, lastSeenAt)}</td>
      {report ? (
        <>
          <td>
            <Waiting report={report} now={now} />
          </td>
          <td className={classes.number}>
            {bytesText(i18n, report.storageUsed)}
            {!report.storagePersisted && <StateBadge tone="warn">{i18n._("may be cleared")}</StateBadge>}
          </td>
          <td className={classes.number}>
            <Clock skew={report.clockSkewMs} />
          </td>
          <td className={classes.number}>{report.version}</td>
        </>
      ) : (
        <td colSpan={4} className={classes.meta}>
          {i18n._("has not reported yet")}
        </td>
      )}
    </tr>
  );
}

function Waiting({ report, now }: { readonly report: NonNullable<Device["report"]>; readonly now: string }) {
  const { i18n } = useLingui();
  const { outboxDepth, outboxOldestAt, attention, recordingsWaiting } = report;
  if (outboxDepth + attention + recordingsWaiting === 0) return <>{i18n._("nothing")}</>;
  return (
    <span className={classes.badges}>
      {outboxDepth > 0 && (
        <StateBadge tone="accent">
          {i18n._("{count, plural, one {# change} other {# changes}}, oldest {ago}", {
            count: outboxDepth,
            ago: agoText(i18n, now, outboxOldestAt),
          })}
        </StateBadge>
      )}
      {recordingsWaiting > 0 && (
        <StateBadge tone="accent">
          {i18n._("{count, plural, one {# recording} other {# recordings}}", { count: recordingsWaiting })}
        </StateBadge>
      )}
      {attention > 0 && <StateBadge tone="bad">{i18n._("{count} refused", { count: attention })}</StateBadge>}
    </span>
  );
}

function Clock({ skew }: { readonly skew: number }) {
  const { i18n } = useLingui();
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (Math.abs(skew) <= CLOCK_TOLERANCE) return <>{i18n._("right")}</>;
  return (
    <StateBadge tone="warn">
      {skew > 0 ? i18n._("{seconds} s ahead", { seconds }) : i18n._("{seconds} s behind", { seconds })}
    </StateBadge>
  );
}
