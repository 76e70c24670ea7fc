import { useLingui } from "@lingui/react";
import type { Appointment } from "#domain/appointment/index.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { Taken } from "./taken.tsx";
import type { Clinic } from "./use-clinic.ts";
import type { Desk } from "./use-desk.ts";

interface NotPutBackProps {
  readonly appointment: Appointment;
  readonly name: string;
  readonly clinic: Clinic;
  readonly desk: Desk;
  readonly mayOverbook: boolean;
  readonly nearest: readonly string[];
  /** Somebody decided: the notice goes. */
  readonly onSettled: () => void;
}

/** A cancellation or no-show could not be taken back, because somebody else has the time. Another time is a new booking. */
export function NotPutBack(props: NotPutBackProps) {
  const { appointment, name, clinic, desk, mayOverbook, nearest, onSettled } = props;
  const { i18n } = useLingui();
  const { patientId, clinicianId, visitTypeId, minutes, reason } = appointment;
  const book = async (start: string, overbookReason = "") => {
    const same = { patientId, clinicianId, visitTypeId, minutes, reason, walkIn: false, waitListId: null };
    try {
      await desk.book({ ...same, start, overbookReason });
      onSettled();
    } catch {
      // The desk has said it; the notice stays.
    }
  };
  return (
    <Taken
      title={i18n._("{name} was not put back: {time} is somebody else's now.", {
        name,
        time: dateTimeText(appointment.start, clinic.zone),
      })}
      clinic={clinic}
      slot={appointment}
      nearest={nearest}
      onTake={(start) => void book(start)}
      onOverbook={mayOverbook ? (why) => void book(appointment.start, why) : undefined}
      onLeave={onSettled}
      leaveLabel={i18n._("Leave it as it is")}
    />
  );
}
