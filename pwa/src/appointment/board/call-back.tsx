import { useLingui } from "@lingui/react";
import { IconPhone } from "@tabler/icons-react";
import { type ReactNode, useMemo } from "react";
import { holdsSlot } from "#domain/appointment/index.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { patientName } from "#domain/patient/index.ts";
import type { CallBack, Task } from "#domain/task/index.ts";
import { say } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { mutate, useOutbox, useRow, useRows } from "#pwa/local/index.ts";
import { PhoneNumber } from "#pwa/patient/index.ts";
import { CALL_BACK_REACH, timesToOffer } from "./call-back-times.ts";
import { lostAgain, takeTime } from "./take-time.ts";
import { Taken } from "./taken.tsx";
import { type Clinic, takesTime } from "./use-clinic.ts";
import { useMinute } from "./use-minute.ts";

export interface LostTime extends Task {
  readonly callBack: CallBack;
}

export const isLostTime = (task: Task): task is LostTime => task.callBack !== null;

interface CallBackProps {
  readonly task: LostTime;
  readonly clinic: Clinic;
  readonly mayOverbook: boolean;
  /** Said at once when it appears; on a list of tasks it is one among others. */
  readonly aloud?: boolean;
  /** Opens the sheet with all times of a day; absent where there is none. */
  readonly onMove?: ((appointmentId: string) => void) | undefined;
}

/** A promise that the clinic could not keep: whom to call, and three times to offer, each booked with one tap. */
export function CallBackNotice({ task, clinic, mayOverbook, aloud = false, onMove }: CallBackProps) {
  const { i18n } = useLingui();
  const { callBack } = task;
  const { appointmentId, change, start, promisedAt } = callBack;
  const { zone } = clinic;
  const { row: patient } = useRow("patient", task.patientId ?? "");
  const { row: appointment } = useRow("appointment", appointmentId);
  const outbox = useOutbox();
  const times = useTimes(clinic, callBack);
  const name = patient ? patientName(patient) : i18n._("Not on this tablet");
  const words = {
    name,
    time: dateTimeText(start, zone),
    clinician: clinic.staff.get(callBack.clinicianId)?.name ?? "",
  };
  const underWay = outbox.some(
    ({ rowId, name: what, status }) => rowId === appointmentId && status !== "refused" && takesTime(what),
  );
  const settle = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      say(errorText(error));
    }
  };
  const take = (at: string, overbookReason = "") =>
    settle(async () => {
      const undo = await takeTime({ task, appointment, zone, start: at, overbookReason });
      await lostAgain(outbox, appointmentId, "send");
      say(i18n._("Booked: {time}. Please tell {name}.", { time: dateTimeText(at, zone), name }), undo);
    });
  const dismiss = () =>
    settle(async () => {
      await mutate("task.cancel", { id: task.id });
      await lostAgain(outbox, appointmentId, "drop");
      say(i18n._("{name} needs no call.", { name }), () => mutate("task.reopen", { id: task.id }));
    });
  if (underWay)
    return (
      <p role="status">{i18n._("{name} has another time. The clinic has not answered yet.", { name })}</p>
    );
  const standing = appointment && holdsSlot(appointment.status) ? appointment : undefined;
  return (
    <Taken
      aloud={aloud}
      title={
        change === "move"
          ? i18n._("Call {name} back: {time} with {clinician} went to somebody else.", words)
          : i18n._("Call {name} back: not booked. {time} with {clinician} went to somebody else.", words)
      }
      clinic={clinic}
      slot={{ ...callBack, id: appointmentId }}
      nearest={times}
      onTake={(at) => void take(at)}
      onOverbook={mayOverbook ? (why) => void take(start, why) : undefined}
      onOther={standing && onMove ? () => onMove(appointmentId) : undefined}
      onLeave={() => void dismiss()}
      leaveLabel={standing ? i18n._("Leave it where it is") : i18n._("Wants no other time")}
    >
      <Facts>
        {patient?.phone ? (
          <a href={`tel:${patient.phone.replace(/[^\d+]/g, "")}`}>
            <IconPhone size={18} aria-hidden />
            <PhoneNumber number={patient.phone} />
          </a>
        ) : (
          <span>{i18n._("No phone number is known.")}</span>
        )}
        <span>{i18n._("Promised {time}.", { time: dateTimeText(promisedAt, zone) })}</span>
        {standing && (
          <span>{i18n._("Still booked for {time}.", { time: dateTimeText(standing.start, zone) })}</span>
        )}
      </Facts>
    </Taken>
  );
}

const Facts = ({ children }: { readonly children: ReactNode }) => <div data-facts>{children}</div>;

/** The times that are free now, as far as this tablet knows. */
function useTimes(clinic: Clinic, callBack: CallBack): readonly string[] {
  const { zone } = clinic;
  const { clinicianId, start } = callBack;
  const now = useMinute();
  const around = dateIn(zone, Math.max(now, Date.parse(start)));
  const { rows } = useRows("appointment", {
    where: {
      clinicianId,
      start: {
        gte: instantIn(zone, addDays(around, -CALL_BACK_REACH), "00:00"),
        lt: instantIn(zone, addDays(around, CALL_BACK_REACH + 1), "00:00"),
      },
    },
  });
  return useMemo(() => timesToOffer(clinic, rows, callBack, now), [clinic, rows, callBack, now]);
}
