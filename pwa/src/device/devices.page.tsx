import { useLingui } from "@lingui/react";
import { IconDeviceTabletOff } from "@tabler/icons-react";
import { can } from "#domain/access/can.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import classes from "#pwa/audit/audit.module.css";
import { StateBadge } from "#pwa/design/badge.tsx";
import { LoadingRows, State } from "#pwa/design/state.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { useRows, useSession } from "#pwa/local/index.ts";

/** The browsers and tablets that are enrolled at the practice. */
export function DevicesPage() {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const { rows, ready } = useRows("device", { sort: "name" });
  const zone = practice?.zone ?? "UTC";
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "ops:read").allowed)
    return <DeniedPage permission="ops:read" />;
  if (rows.length === 0)
    return ready ? (
      <State icon={IconDeviceTabletOff} title={i18n._("No devices yet")} />
    ) : (
      <LoadingRows label={i18n._("Devices are being opened")} />
    );
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Devices")}</h1>
      </header>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{i18n._("Device")}</th>
              <th scope="col">{i18n._("Enrolled")}</th>
              <th scope="col">{i18n._("Last sign-in")}</th>
              <th scope="col">{i18n._("State")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((device) => (
              <tr key={device.id}>
                <td>{device.name}</td>
                <td className={classes.when}>{dateTimeText(device.enrolledAt, zone)}</td>
                <td className={classes.when}>
                  {device.lastSeenAt ? dateTimeText(device.lastSeenAt, zone) : ""}
                </td>
                <td>
                  <StateBadge tone={device.status === "enrolled" ? "good" : "bad"}>
                    {device.status === "enrolled" ? i18n._("Enrolled") : i18n._("Removed")}
                  </StateBadge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
