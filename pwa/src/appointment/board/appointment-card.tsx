import { useLingui } from "@lingui/react";
import {
  IconArrowsSplit2,
  IconCloudUp,
  IconHelpCircle,
  IconShieldCheck,
  IconUserCheck,
  IconUsers,
  IconWalk,
} from "@tabler/icons-react";
import { memo } from "react";
import { type Appointment, appointmentEnd, mayFollow } from "#domain/appointment/index.ts";
import { instant } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { birthDateText, timeText } from "#pwa/language/language.ts";
import classes from "./board.module.css";
import { QUARTER } from "./day-frame.ts";
import type { Place } from "./lanes.ts";
import { promiseText } from "./promise.tsx";
import { statusIcon, statusText } from "./status.tsx";
import { useMinute } from "./use-minute.ts";

export interface CardActions {
  open(appointmentId: string): void;
  checkIn(appointmentId: string): void;
}

interface AppointmentCardProps {
  readonly appointment: Appointment;
  readonly patient: Patient | undefined;
  readonly typeName: string;
  readonly roomName: string;
  readonly zone: string;
  /** The first instant of the row that holds the card. */
  readonly rowAt: number;
  readonly index: Place["index"];
  readonly count: Place["count"];
  readonly similar: boolean;
  readonly waiting: boolean;
  /** Booked or moved here without the clinic: whether the time was held for this desk. */
  readonly promise: "sure" | "unsure" | undefined;
  readonly mayWrite: boolean;
  /** The day of the card is today: patients can arrive. */
  readonly isToday: boolean;
  readonly actions: CardActions;
}

/** When the patient arrived: the last time the trail says so. */
export const arrivedAt = (appointment: Pick<Appointment, "trail">): string | undefined =>
  appointment.trail.findLast(({ status, undone }) => status === "arrived" && !undone)?.at;

/** One appointment on the board. Drawn again only when it changes itself; dragging another one leaves it alone. */
export const AppointmentCard = memo(function AppointmentCard(props: AppointmentCardProps) {
  const { appointment, patient, typeName, roomName, zone, rowAt, index, count, actions } = props;
  const { similar, waiting, promise, mayWrite, isToday } = props;
  const { i18n } = useLingui();
  const { id, status, start, minutes } = appointment;
  const StatusIcon = statusIcon[status];
  const name = patient ? patientName(patient) : i18n._("Not on this tablet");
  const overbooked = appointment.overbookReason !== "";
  const checkIn = mayWrite && isToday && mayFollow(status, "arrived");
  const movable = mayWrite && (status === "booked" || status === "confirmed");
  const spoken = [
    `${timeText(start, zone)} – ${timeText(instant(appointmentEnd(appointment)), zone)}`,
    name,
    patient && i18n._("Born {birthDate}", { birthDate: birthDateText(patient.birthDate) }),
    typeName,
    status === "roomed" && roomName ? roomName : statusText(i18n, status),
    appointment.walkIn && i18n._("Walk-in"),
    overbooked && i18n._("Overbooked"),
    similar && i18n._("Similar name today"),
    waiting && i18n._("not yet at the clinic"),
    promise && promiseText(i18n, promise),
  ];
  return (
    <div
      className={classes.card}
      data-card-root={id}
      data-status={status}
      data-overbooked={overbooked || undefined}
      data-movable={movable || undefined}
      style={{
        top: `calc(var(--quarter) * ${(Date.parse(start) - rowAt) / QUARTER})`,
        height: `calc(var(--quarter) * ${minutes / 15} - 2px)`,
        left: `calc((100% - 6px) * ${index / count} + 2px)`,
        width: `calc((100% - 6px) / ${count} - 2px)`,
      }}
    >
      <div className={classes.cardFace}>
        <button
          type="button"
          tabIndex={-1}
          className={classes.cardOpen}
          data-stop={`card:${id}`}
          aria-label={spoken.filter(Boolean).join(", ")}
          onClick={() => actions.open(id)}
        >
          <span className={classes.cardLine}>
            <StatusIcon size={16} stroke={2.2} aria-hidden className={classes.cardIcon} />
            <span className={classes.cardName} data-name>
              {name}
            </span>
            <span className={classes.cardMarks}>
              {similar && <IconUsers size={16} aria-hidden className={classes.warnMark} />}
              {appointment.walkIn && <IconWalk size={16} aria-hidden />}
              {overbooked && <IconArrowsSplit2 size={16} aria-hidden className={classes.warnMark} />}
              {promise === "sure" && <IconShieldCheck size={16} aria-hidden />}
              {promise === "unsure" && <IconHelpCircle size={16} aria-hidden className={classes.warnMark} />}
              {waiting && !promise && <IconCloudUp size={16} aria-hidden />}
            </span>
          </span>
          <span className={classes.cardMore}>
            {promise ? (
              <strong className={classes.cardState} data-promise={promise}>
                {promise === "sure" ? i18n._("Sure") : i18n._("Not yet sure")}
              </strong>
            ) : (
              <CardState appointment={appointment} roomName={roomName} />
            )}
            <span className={classes.cardType}>{typeName}</span>
          </span>
          {(similar || appointment.reason) && (
            <span className={classes.cardThird}>
              {similar && (
                <span className={classes.similar}>
                  {i18n._("Similar name today")}
                  {patient &&
                    ` · ${i18n._("Born {birthDate}", { birthDate: birthDateText(patient.birthDate) })}`}
                </span>
              )}
              {!similar && appointment.reason}
            </span>
          )}
        </button>
        {checkIn && (
          <button
            type="button"
            tabIndex={-1}
            className={classes.checkIn}
            aria-label={i18n._("Check in {name}", { name })}
            onClick={() => actions.checkIn(id)}
          >
            <IconUserCheck size={17} aria-hidden />
            <span className={classes.checkInWord}>{i18n._("Check in")}</span>
          </button>
        )}
      </div>
      {movable && <span className={classes.grip} data-grip aria-hidden="true" />}
    </div>
  );
});

/** The status in a word, or what tells more: how long somebody has waited, or in which room. */
function CardState({
  appointment,
  roomName,
}: {
  readonly appointment: Appointment;
  readonly roomName: string;
}) {
  const { i18n } = useLingui();
  const arrived = arrivedAt(appointment);
  if (appointment.status === "arrived" && arrived) return <Waiting since={arrived} />;
  return (
    <strong className={classes.cardState}>
      {appointment.status === "roomed" && roomName ? roomName : statusText(i18n, appointment.status)}
    </strong>
  );
}

export function Waiting({ since }: { readonly since: string }) {
  const { i18n } = useLingui();
  const minutes = Math.max(0, Math.floor((useMinute() - Date.parse(since)) / 60_000));
  return (
    <strong className={classes.cardState} data-long={minutes >= 20 || undefined}>
      {i18n._("Waiting {minutes} min", { minutes })}
    </strong>
  );
}
