import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { DeviceTimes } from "#domain/operations/dashboard.ts";
import classes from "#pwa/audit/audit.module.css";
import { LoadingRows } from "#pwa/design/state.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import own from "./device.module.css";
import { GiveBackTimes, useHeldTimes } from "./give-back-times.tsx";

/** The desks that hold times, since when and until when; for one that is put away they are given back. */
export function HeldTimes() {
  const { i18n } = useLingui();
  const { value, failure, busy, reload } = useHeldTimes();
  const [giving, setGiving] = useState<DeviceTimes | null>(null);
  return (
    <section className={own.held} aria-labelledby="held-times">
      <h2 id="held-times">{i18n._("Times held for promising offline")}</h2>
      <p>
        {i18n._(
          "A desk holds a few free times that only it may promise while the clinic does not answer. Give them back for a device that is put away.",
        )}
      </p>
      {!value && failure === null && <LoadingRows rows={2} label={i18n._("Held times are being opened")} />}
      {failure !== null && (
        <p className={classes.part} role="status">
          {i18n._("Which devices hold times is known to the clinic only.")} {errorText(failure)}
          <Button variant="light" h={44} loading={busy} onClick={reload}>
            {i18n._("Try again")}
          </Button>
        </p>
      )}
      {value?.devices.length === 0 && <p>{i18n._("No desk holds times now.")}</p>}
      {value && value.devices.length > 0 && <TimesTable devices={value.devices} onGive={setGiving} />}
      {giving && (
        <GiveBackTimes
          device={giving}
          onClose={(done) => {
            setGiving(null);
            if (done) reload();
          }}
        />
      )}
    </section>
  );
}

interface TimesTableProps {
  readonly devices: readonly DeviceTimes[];
  readonly onGive: (device: DeviceTimes) => void;
}

function TimesTable({ devices, onGive }: TimesTableProps) {
  const { i18n } = useLingui();
  const zone = useSession().practice?.zone ?? "UTC";
  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-middle>
        <thead>
          <tr>
            <th scope="col">{i18n._("Device")}</th>
            <th scope="col">{i18n._("Times")}</th>
            <th scope="col">{i18n._("Held since")}</th>
            <th scope="col">{i18n._("At the latest until")}</th>
            <th scope="col">{i18n._("Last seen")}</th>
            <th scope="col">{i18n._("Action")}</th>
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <tr key={device.id}>
              <td>{device.name}</td>
              <td className={own.when}>{device.times}</td>
              <td className={own.when}>{dateTimeText(device.since, zone)}</td>
              <td className={own.when}>{dateTimeText(device.until, zone)}</td>
              <td className={own.when}>
                {device.lastContactAt ? dateTimeText(device.lastContactAt, zone) : ""}
              </td>
              <td>
                <Button size="sm" h={44} variant="default" onClick={() => onGive(device)}>
                  {i18n._("Give back")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
