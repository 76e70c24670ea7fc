import { useLingui } from "@lingui/react";
import { Group } from "@mantine/core";
import { useState } from "react";
import { can } from "#domain/access/can.ts";
import { CLOCK_TOLERANCE } from "#domain/kernel/clock.ts";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { shareUsed, storageLevel } from "#domain/operations/storage.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { LoseDevice, type Loss, LossButtons, LossState, WipeState } from "#pwa/device/index.ts";
import { bytesText } from "#pwa/language/bytes-text.ts";
import { useSession } from "#pwa/local/index.ts";
import { agoText } from "./numbers.ts";
import classes from "./sync-dashboard.module.css";

type Device = Dashboard["devices"][number];

interface DeviceTableProps {
  readonly dashboard: Dashboard;
  readonly onChanged: () => void;
}

/** Every tablet and browser with what it last said of itself, and what to do about one that is lost. */
export function DeviceTable({ dashboard, onChanged }: DeviceTableProps) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const [losing, setLosing] = useState<{ readonly device: Device; readonly how: Loss } | null>(null);
  const decision = user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "device:wipe");
  const mayLose = decision?.allowed === true && decision.grant === "allow";
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
              {mayLose && <th scope="col">{i18n._("Action")}</th>}
            </tr>
          </thead>
          <tbody>
            {dashboard.devices.map((device) => (
              <Row
                key={device.id}
                device={device}
                now={dashboard.at}
                onChanged={onChanged}
                {...(mayLose && { onLose: (how: Loss) => setLosing({ device, how }) })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {losing && (
        <LoseDevice
          {...losing}
          isOwn={losing.device.isOwn}
          onClose={() => {
            setLosing(null);
            onChanged();
          }}
        />
      )}
    </section>
  );
}

interface RowProps {
  readonly device: Device;
  readonly now: string;
  readonly onChanged: () => void;
  /** Absent for whoever may not. */
  readonly onLose?: (how: Loss) => void;
}

function Row({ device, now, onChanged, onLose }: RowProps) {
  const { i18n } = useLingui();
  const { name, status, user, lastSeenAt, wipe, loss, isOwn } = device;
  return (
    <tr>
      <th scope="row">
        {name} {isOwn && <StateBadge tone="accent">{i18n._("This device")}</StateBadge>}
        {status === "revoked" && !wipe && <StateBadge tone="bad">{i18n._("Removed")}</StateBadge>}
        {wipe && <WipeState {...wipe} />}
        {loss && <LossState device={device} loss={loss} onChanged={onChanged} />}
      </th>
      <td>{user ?? ""}</td>
      <td className={classes.number}>{agoText(i18n, now, lastSeenAt)}</td>
      <Report device={device} now={now} />
      {onLose && (
        <td>
          <Group gap="xs" wrap="nowrap">
            <LossButtons enrolled={status === "enrolled"} asked={wipe !== null} onLose={onLose} />
          </Group>
        </td>
      )}
    </tr>
  );
}

/** What it last said of itself; of one that was wiped that is over, and of one that was removed nobody sees to it. */
function Report({ device: { status, report, wipe }, now }: Pick<RowProps, "device" | "now">) {
  const { i18n } = useLingui();
  if (wipe?.wipedAt || !report)
    return (
      <td colSpan={4} className={classes.meta}>
        {wipe?.wipedAt ? i18n._("Nothing on it can be read any more.") : i18n._("has not reported yet")}
      </td>
    );
  return (
    <>
      <td>
        <Waiting report={report} now={now} />
      </td>
      <td className={classes.number}>
        <Room report={report} />
        {status === "enrolled" && !report.storagePersisted && (
          <StateBadge tone="warn">{i18n._("may be cleared")}</StateBadge>
        )}
      </td>
      <td className={classes.number}>
        <Clock skew={report.clockSkewMs} />
      </td>
      <td className={classes.number}>{report.version}</td>
    </>
  );
}

/** How much is used and, once it gets tight, of how much and what the tablet did about it. */
function Room({ report }: { readonly report: NonNullable<Device["report"]> }) {
  const { i18n } = useLingui();
  const { storageUsed: used, storageQuota: quota, storageRefused: refused } = report;
  const room = { used, quota, refused };
  const level = storageLevel(room);
  return (
    <>
      {bytesText(i18n, room.used)}
      {level !== "plenty" && (
        <StateBadge tone={level === "full" ? "bad" : "warn"}>
          {refused
            ? i18n._("full")
            : i18n._("{percent} % full", { percent: Math.min(100, Math.round(100 * shareUsed(room))) })}
        </StateBadge>
      )}
      {report.chartsPutAway > 0 && (
        <StateBadge>{i18n._("charts put away: {count}", { count: report.chartsPutAway })}</StateBadge>
      )}
    </>
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
