import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconArrowBackUp, IconPhone, IconStethoscope } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Appointment, appointmentEnd, holdsSlot } from "#domain/appointment/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { dateIn, instant } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { Sheet } from "#pwa/design/sheet.tsx";
import { dateTimeText, dayText, timeText } from "#pwa/language/language.ts";
import { useMark } from "#pwa/local/index.ts";
import { PatientLine, PhoneNumber } from "#pwa/patient/index.ts";
import { AppointmentSteps } from "./appointment-steps.tsx";
import { LengthChoice } from "./booking-sheet.tsx";
import { takenSlot } from "./free-times.ts";
import classes from "./sheets.module.css";
import { statusIcon, statusText } from "./status.tsx";
import { Taken } from "./taken.tsx";
import { type Clinic, useClinicDay } from "./use-clinic.ts";
import type { Desk } from "./use-desk.ts";

interface DetailsSheetProps {
  readonly appointment: Appointment;
  readonly patient: Patient | undefined;
  readonly clinic: Clinic;
  readonly desk: Desk;
  readonly mayWrite: boolean;
  readonly mayOverbook: boolean;
  /** The visit can be opened: clinical people only. */
  readonly clinical: boolean;
  readonly cancelling?: boolean;
  readonly onMove: () => void;
  readonly onBookAgain: () => void;
  readonly onClose: () => void;
}

/** One appointment: who, what, when, what happened so far, and every step that may be next. */
export function DetailsSheet(props: DetailsSheetProps) {
  const { appointment, patient, clinic, desk, mayWrite, mayOverbook, clinical, onBookAgain, onClose } = props;
  const { i18n } = useLingui();
  const { zone } = clinic;
  const { status, start, minutes } = appointment;
  const name = patient ? patientName(patient) : i18n._("Not on this tablet");
  const waits = useMark(appointment.id) === "on-this-tablet";
  return (
    <Sheet title={name} onClose={onClose}>
      <div className={classes.form}>
        {patient && (
          <div className={classes.chosen}>
            <PatientLine patient={patient} today={dateIn(zone, instantNow())} />
            <Link to="/patients/$patientId" params={{ patientId: patient.id }} className={classes.link}>
              {i18n._("Details")}
            </Link>
          </div>
        )}
        <dl className={classes.facts}>
          <div>
            <dt>{i18n._("When")}</dt>
            <dd>
              {dayText(start, zone)}
              <br />
              {timeText(start, zone)} – {timeText(instant(appointmentEnd(appointment)), zone)}{" "}
              <span className={classes.hint}>{i18n._("{minutes} min", { minutes })}</span>
            </dd>
          </div>
          <div>
            <dt>{i18n._("With")}</dt>
            <dd>{clinic.staff.get(appointment.clinicianId)?.name}</dd>
          </div>
          <div>
            <dt>{i18n._("Visit type")}</dt>
            <dd>{clinic.types.get(appointment.visitTypeId)?.name}</dd>
          </div>
          <div>
            <dt>{i18n._("Status")}</dt>
            <dd className={classes.badges}>
              <StatusBadge appointment={appointment} clinic={clinic} />
              {appointment.walkIn && <StateBadge>{i18n._("Walk-in")}</StateBadge>}
              {appointment.overbookReason && (
                <StateBadge tone="warn">
                  {i18n._("Overbooked: {reason}", { reason: appointment.overbookReason })}
                </StateBadge>
              )}
              {waits && <StateBadge tone="accent">{i18n._("Not yet at the clinic")}</StateBadge>}
            </dd>
          </div>
          {appointment.reason && (
            <div>
              <dt>{i18n._("Reason")}</dt>
              <dd>{appointment.reason}</dd>
            </div>
          )}
          {appointment.cancelReason && (
            <div>
              <dt>{i18n._("Why cancelled")}</dt>
              <dd>{appointment.cancelReason}</dd>
            </div>
          )}
        </dl>
        {patient?.phone && (
          <a className={classes.phone} href={`tel:${patient.phone.replace(/[^\d+]/g, "")}`}>
            <IconPhone size={20} aria-hidden />
            <PhoneNumber number={patient.phone} />
          </a>
        )}
        {clinical && holdsSlot(status) && (
          <Link
            to="/visits/$appointmentId"
            params={{ appointmentId: appointment.id }}
            className={classes.phone}
          >
            <IconStethoscope size={20} aria-hidden />
            {i18n._("Open the visit")}
          </Link>
        )}
        {mayWrite && <AppointmentSteps {...props} name={name} />}
        {mayWrite && (status === "booked" || status === "confirmed") && (
          <Resize appointment={appointment} clinic={clinic} desk={desk} mayOverbook={mayOverbook} />
        )}
        {mayWrite && !holdsSlot(status) && (
          <div className={classes.steps}>
            <Button variant="default" onClick={onBookAgain}>
              {i18n._("Book again")}
            </Button>
          </div>
        )}
        <Trail appointment={appointment} clinic={clinic} />
      </div>
    </Sheet>
  );
}

function StatusBadge({
  appointment,
  clinic,
}: {
  readonly appointment: Appointment;
  readonly clinic: Clinic;
}) {
  const { i18n } = useLingui();
  const { status, roomId } = appointment;
  const room = clinic.rooms.find(({ id }) => id === roomId)?.name;
  const tone =
    status === "arrived" || status === "done"
      ? "good"
      : status === "roomed"
        ? "accent"
        : holdsSlot(status)
          ? "plain"
          : "warn";
  return (
    <StateBadge tone={tone} icon={statusIcon[status]}>
      {status === "roomed" && room ? room : statusText(i18n, status)}
    </StateBadge>
  );
}

type ResizeProps = Pick<DetailsSheetProps, "appointment" | "clinic" | "desk" | "mayOverbook">;

/** The tap path of dragging the lower edge. */
function Resize({ appointment, clinic, desk, mayOverbook }: ResizeProps) {
  const { i18n } = useLingui();
  const { zone } = clinic;
  const { id, clinicianId, start } = appointment;
  const day = useClinicDay(zone, dateIn(zone, start));
  const [wanted, setWanted] = useState<number | null>(null);
  const slot = { id, clinicianId, start };
  const taken = wanted === null ? null : takenSlot(clinic, day, { ...slot, minutes: wanted });
  const set = (minutes: number) => {
    const full = appointment.overbookReason === "" && takenSlot(clinic, day, { ...slot, minutes });
    setWanted(full ? minutes : null);
    if (!full) void desk.move(appointment, { clinicianId, start, minutes }, appointment.overbookReason);
  };
  const take = async (at: string, minutes: number, reason?: string) => {
    if (await desk.move(appointment, { clinicianId, start: at, minutes }, reason)) setWanted(null);
  };
  return (
    <>
      <LengthChoice minutes={appointment.minutes} onChange={set} />
      {wanted !== null && taken && (
        <Taken
          title={i18n._(
            "The next patient begins before {minutes, plural, one {# minute is} other {# minutes are}} over.",
            { minutes: wanted },
          )}
          clinic={clinic}
          slot={{ ...slot, minutes: wanted }}
          nearest={taken.nearest}
          onTake={(at) => void take(at, wanted)}
          onOverbook={mayOverbook ? (reason) => void take(start, wanted, reason) : undefined}
          onLeave={() => setWanted(null)}
        />
      )}
    </>
  );
}

function Trail({ appointment, clinic }: { readonly appointment: Appointment; readonly clinic: Clinic }) {
  const { i18n } = useLingui();
  return (
    <section>
      <h3 className={classes.label}>{i18n._("What happened")}</h3>
      <ol className={classes.trail}>
        {appointment.trail.map(({ status, at, by, undone }) => {
          const StepIcon = undone ? IconArrowBackUp : statusIcon[status];
          return (
            <li key={`${at} ${status} ${undone ?? ""}`}>
              <StepIcon size={18} aria-hidden />
              <span>
                <strong>
                  {undone
                    ? i18n._("Back to {status}", { status: statusText(i18n, status) })
                    : statusText(i18n, status)}
                </strong>
                <span className={classes.hint}>
                  {`${dateTimeText(at, clinic.zone)} · ${clinic.staff.get(by)?.name ?? i18n._("unknown")}`}
                </span>
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
