import { useLingui } from "@lingui/react";
import { IconCalendarOff, IconClipboardHeart } from "@tabler/icons-react";
import { Link, Navigate, useNavigate } from "@tanstack/react-router";
import { can } from "#domain/access/can.ts";
import type { Appointment } from "#domain/appointment/index.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { placesOf } from "#pwa/app/places.ts";
import { LoadingRows, State } from "#pwa/design/state.tsx";
import { ageText, birthDateText, dayText, timeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSession } from "#pwa/local/index.ts";
import { AppointmentState } from "./appointment-state.tsx";
import { CheckInButton } from "./check-in-button.tsx";
import classes from "./today.module.css";

/** The day's visits: a clinician sees her own, everybody else all of them. One tap opens the next patient. */
export function TodayPage() {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const date = dateIn(zone);
  const own = user?.role === "clinician";
  const { rows, ready } = useRows("appointment", {
    where: {
      start: { gte: instantIn(zone, date, "00:00"), lt: instantIn(zone, addDays(date, 1), "00:00") },
      ...(own && user ? { clinicianId: user.id } : {}),
    },
    sort: "start",
  });
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "schedule:read").allowed)
    return <NoSchedule />;
  // The desk's day is the board.
  if (user.role === "front-desk") return <Navigate to="/board" replace />;
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Today")}</h1>
        <p className={classes.date}>{dayText(new Date(instantIn(zone, date, "12:00")), zone)}</p>
      </header>
      {rows.length > 0 ? (
        <ul className={classes.list}>
          {rows.map((appointment) => (
            <TodayRow
              key={appointment.id}
              appointment={appointment}
              zone={zone}
              date={date}
              showClinician={!own}
            />
          ))}
        </ul>
      ) : ready ? (
        <State icon={IconCalendarOff} title={i18n._("No visits today")}>
          {i18n._("New bookings appear here by themselves.")}
        </State>
      ) : (
        <LoadingRows label={i18n._("Today's visits are being opened")} />
      )}
    </>
  );
}

interface TodayRowProps {
  readonly appointment: Appointment;
  readonly zone: string;
  readonly date: string;
  readonly showClinician: boolean;
}

function TodayRow({ appointment, zone, date, showClinician }: TodayRowProps) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const { row: patient } = useRow("patient", appointment.patientId);
  const { rows: types } = useRows("visit-type", { where: { id: appointment.visitTypeId } });
  const { rows: clinicians } = useRows("staff", { where: { id: appointment.clinicianId } });
  const clinical =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "chart:open").allowed;
  const body = (
    <>
      <span className={classes.time}>
        {timeText(appointment.start, zone)}
        <span className={classes.minutes}>{i18n._("{minutes} min", { minutes: appointment.minutes })}</span>
      </span>
      <span className={classes.who}>
        <span className={classes.name}>{patient ? patientName(patient) : i18n._("Not on this tablet")}</span>
        {patient && <Identifiers patient={patient} date={date} />}
      </span>
      <span className={classes.what}>
        {types[0]?.name}
        {showClinician && clinicians[0] && <span className={classes.clinician}>{clinicians[0].name}</span>}
      </span>
    </>
  );
  return (
    <li className={classes.row}>
      {clinical ? (
        <Link to="/visits/$appointmentId" params={{ appointmentId: appointment.id }} className={classes.open}>
          {body}
        </Link>
      ) : (
        <div className={classes.open}>{body}</div>
      )}
      <div className={classes.end}>
        {clinical && (
          <Link
            to="/patients/$patientId/chart"
            params={{ patientId: appointment.patientId }}
            search={{ view: "summary" }}
            className={classes.chart}
            aria-label={i18n._("Chart, {time}", { time: timeText(appointment.start, zone) })}
          >
            <IconClipboardHeart size={20} stroke={1.8} aria-hidden />
            {i18n._("Chart")}
          </Link>
        )}
        <AppointmentState appointment={appointment} clinical={Boolean(clinical)} />
        {!clinical && <CheckInButton appointment={appointment} />}
      </div>
    </li>
  );
}

function Identifiers({ patient, date }: { readonly patient: Patient; readonly date: string }) {
  const { i18n } = useLingui();
  return (
    <span className={classes.identifiers}>
      {i18n._("Born {birthDate} · {age}", {
        birthDate: birthDateText(patient.birthDate),
        age: ageText(patient.birthDate, date),
      })}
      {patient.recordNumber && ` · ${patient.recordNumber}`}
    </span>
  );
}

/** Officers and practice IT begin elsewhere: one tap leads there. */
function NoSchedule() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const navigate = useNavigate();
  const place = user && placesOf(user)[0];
  const label = place?.label ?? "";
  return (
    <State
      icon={IconCalendarOff}
      title={i18n._("Your role has no schedule")}
      {...(place && {
        action: {
          label: i18n._("Go to {place}", { place: i18n._(label) }),
          onClick: () => void navigate({ to: place.to }),
        },
      })}
    >
      {i18n._("Use the places above that belong to your role.")}
    </State>
  );
}
