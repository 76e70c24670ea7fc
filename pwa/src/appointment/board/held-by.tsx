import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import { leasedTime, type SlotLease } from "#domain/slot-lease/index.ts";
import { GiveBackTimes, useHeldTimes } from "#pwa/device/index.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { useConnection } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import type { TakenSlot } from "./free-times.ts";
import classes from "./taken.module.css";
import type { Clinic } from "./use-clinic.ts";

type Time = Pick<SlotLease, "clinicianId" | "start" | "minutes">;

/** The lease of another desk that stands in the way of a visit. */
export function leaseInTheWay(leases: readonly SlotLease[], visit: Time): SlotLease | undefined {
  const { from, to } = leasedTime({ ...visit, lane: 0 });
  return leases.find((lease) => {
    const held = leasedTime(lease);
    return lease.clinicianId === visit.clinicianId && held.from < to && from < held.to;
  });
}

interface HeldByProps {
  readonly clinic: Clinic;
  readonly slot: Time;
  readonly taken: Pick<TakenSlot, "byDesk">;
}

/** Until when another desk may promise this time, and which one it is; the way to have its times back. */
export function HeldBy({ clinic, slot, taken }: HeldByProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const online = useConnection().offlineSince === null;
  const lease = leaseInTheWay(clinic.leases.others, slot);
  if (!taken.byDesk || !lease) return null;
  return (
    <div className={classes.held}>
      <span>
        {i18n._("That desk may promise it without the clinic until {until}.", {
          until: dateTimeText(lease.until, clinic.zone),
        })}
      </span>
      {online && may("device:held-times") && <Holder deviceId={lease.deviceId} zone={clinic.zone} />}
    </div>
  );
}

function Holder({ deviceId, zone }: { readonly deviceId: string; readonly zone: string }) {
  const { i18n } = useLingui();
  const { value } = useHeldTimes();
  const [giving, setGiving] = useState(false);
  const device = value?.devices.find(({ id }) => id === deviceId);
  const known = device && { name: device.name, when: device.lastContactAt };
  return (
    <>
      <span data-device>
        {known?.when
          ? i18n._("{name}, last seen {when}", { name: known.name, when: dateTimeText(known.when, zone) })
          : (known?.name ?? "")}
      </span>
      <Button variant="default" disabled={!device} onClick={() => setGiving(true)}>
        {i18n._("Give its times back")}
      </Button>
      {giving && device && <GiveBackTimes device={device} onClose={() => setGiving(false)} />}
    </>
  );
}
