import type { I18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconHelpCircle, IconShieldCheck } from "@tabler/icons-react";
import { dateIn } from "#domain/kernel/instant.ts";
import type { SlotLease } from "#domain/slot-lease/index.ts";
import { say } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { dateTimeText, timeText } from "#pwa/language/language.ts";
import { mutate, useConnection } from "#pwa/local/index.ts";
import { leaseFor, promisable, promisesOf } from "./leases.ts";
import classes from "./promise.module.css";
import type { Clinic, ClinicDay } from "./use-clinic.ts";

/** What to tell a patient about a time that was given without the clinic. */
export const promiseText = (i18n: I18n, promise: "sure" | "unsure"): string =>
  promise === "sure" ? i18n._("Sure: held for this desk") : i18n._("Not yet sure: the clinic decides");

interface PromiseLineProps {
  readonly clinic: Clinic;
  readonly day: ClinicDay;
  readonly wanted: Pick<SlotLease, "clinicianId" | "start" | "minutes">;
  readonly onTake: (lease: SlotLease) => void;
}

/**
 * Whether a free time may be promised. With the clinic at hand there is nothing to say, but that the desk holds the time
 * and could let everybody have it.
 */
export function PromiseLine({ clinic, day, wanted, onTake }: PromiseLineProps) {
  const { i18n } = useLingui();
  const offline = useConnection().offlineSince !== null;
  const { zone } = clinic;
  const { left } = promisesOf(clinic.leases, day.appointments, day.promised);
  const lease = leaseFor(left, wanted);
  if (lease)
    return (
      <p role="status" className={classes.line} data-promise="sure">
        <IconShieldCheck size={20} aria-hidden />
        <span>
          {offline
            ? i18n._("You can promise this time: it is held for this desk until {time}.", {
                time: dateTimeText(lease.until, zone),
              })
            : i18n._("This time is held for this desk, so that it can be promised offline.")}
        </span>
        {!offline && <GiveBack lease={lease} />}
      </p>
    );
  if (!offline) return null;
  const safe = promisable(left, wanted)
    .filter(({ start }) => dateIn(zone, start) === day.date)
    .slice(0, 3);
  return (
    <div role="status" className={classes.line} data-promise="unsure">
      <IconHelpCircle size={20} aria-hidden />
      <span>{i18n._("Offline: this time is not yet sure. The clinic decides when it answers.")}</span>
      {safe.length > 0 && <span>{i18n._("Safe to promise:")}</span>}
      {safe.map((one) => (
        <Button key={one.id} variant="light" onClick={() => onTake(one)}>
          {one.clinicianId === wanted.clinicianId
            ? timeText(one.start, zone)
            : i18n._("{time} with {name}", {
                time: timeText(one.start, zone),
                name: clinic.staff.get(one.clinicianId)?.name ?? "",
              })}
        </Button>
      ))}
    </div>
  );
}

function GiveBack({ lease }: { readonly lease: SlotLease }) {
  const { i18n } = useLingui();
  const give = () =>
    void mutate("slot-lease.giveBack", { id: lease.id }).then(
      () => say(i18n._("Everybody can book this time now.")),
      (error: unknown) => say(errorText(error)),
    );
  return (
    <Button variant="subtle" onClick={give}>
      {i18n._("Let everybody book it")}
    </Button>
  );
}
