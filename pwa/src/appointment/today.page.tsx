import { useLingui } from "@lingui/react";
import { IconCalendarOff, IconClipboardHeart } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { can } from "#domain/access/can.ts";
import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { GoTo } from "#pwa/app/go-to.tsx";
import { placesOf } from "#pwa/app/places.ts";
import { RestrictedMark } from "#pwa/care-team/index.ts";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { ageText, birthDateText, dayText, timeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { AppointmentState } from "./appointment-state.tsx";
import { CheckInButton } from "./check-in-button.tsx";
import classes from "./today.module.css";

/** The day's visits: a clinician sees her own, everybody else all of them. One tap opens the next patient. */
export function TodayPage() {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const date = dateIn(zone);
  const may = useMay();
  const own = user?.role === "clinician";
  const { rows, ready } = useRows("appointment", {
    where: {
      start: { gte: instantIn(zone, date, "00:00"), lt: instantIn(zone, addDays(date, 1), "00:00") },
      ...(own && user ? { clinicianId: user.id } : {}),
    },
    sort: "start",
  });
  const last = rows.findLast(({ status }) => holdsSlot(status));
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "schedule:read").allowed)
    return <NoSchedule />;
  // The desk's day is the board.
  if (user.role === "front-desk") return <GoTo to="/board" />;
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
        <Opening label={i18n._("Today's visits are being opened")} />
      )}
      {last && may("chart:open") && <DayCloseLink last={last} />}
    </>
  );
}

/** Once the last visit that takes place is under way or over. */
function DayCloseLink({ last }: { readonly last: Appointment }) {
  const { i18n } = useLingui();
  const { row: encounter } = useRow("encounter", encounterIdOf(last.id));
  if (!encounter && last.status !== "roomed" && last.status !== "done") return null;
  return (
    <Link to="/day-close" className={classes.close}>
      {i18n._("End of the day")}
    </Link>
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
  const name = patient ? patientName(patient) : i18n._("Not on this tablet");
  const body = (
    <>
      <span className={classes.time}>
        {timeText(appointment.start, zone)}
        <span className={classes.minutes}>{i18n._("{minutes} min", { minutes: appointment.minutes })}</span>
      </span>
      <span className={classes.who}>
        <span className={classes.name}>{name}</span>
        {patient && <Identifiers patient={patient} date={date} />}
        {clinical && <RestrictedMark patientId={appointment.patientId} />}
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
            aria-label={i18n._("Chart of {name}, {time}", { name, time: timeText(appointment.start, zone) })}
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
