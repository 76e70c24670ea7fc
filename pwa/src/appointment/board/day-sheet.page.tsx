import { useLingui } from "@lingui/react";
import { Button, NativeSelect } from "@mantine/core";
import { IconArrowLeft, IconPrinter } from "@tabler/icons-react";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { can } from "#domain/access/can.ts";
import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { dateIn, instantIn } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { ageText, birthDateText, dateTimeText, dayText, timeText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import { similarNames } from "#pwa/patient/index.ts";
import classes from "./day-sheet.module.css";
import { statusText } from "./status.tsx";
import { type Clinic, type ClinicDay, useClinic, useClinicDay } from "./use-clinic.ts";

/** The day on paper: administrative words only, with who printed it and when. */
export function DaySheetPage() {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const search = useSearch({ from: "/board/sheet" });
  const clinic = useClinic();
  const date = search.day ?? dateIn(clinic.zone);
  const day = useClinicDay(clinic.zone, date);
  const [only, setOnly] = useState("");
  const [printedAt] = useState(instantNow);
  const actor = user && ({ type: "user", id: user.id, role: user.role, deviceId: null } as const);
  if (!actor || !can(actor, "schedule:read").allowed) return <DeniedPage permission="schedule:read" />;
  const shown = [...clinic.staff.values()].filter(
    ({ id }) =>
      (only === "" || id === only) &&
      (only !== "" ||
        day.appointments.some(({ clinicianId, status }) => clinicianId === id && holdsSlot(status))),
  );
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        <Link to="/board" search={{ day: search.day }} className={classes.back}>
          <IconArrowLeft size={20} aria-hidden />
          {i18n._("Board")}
        </Link>
        <NativeSelect
          size="md"
          aria-label={i18n._("Clinician")}
          value={only}
          data={[
            { value: "", label: i18n._("All clinicians") },
            ...clinic.clinicians.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => setOnly(event.currentTarget.value)}
        />
        <Button leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
          {i18n._("Print")}
        </Button>
      </div>
      <article className={classes.sheet}>
        <header className={classes.head}>
          <h1>{dayText(instantIn(clinic.zone, date, "12:00"), clinic.zone)}</h1>
          <p>{practice?.name}</p>
        </header>
        {shown.length === 0 && <p>{i18n._("Nothing is booked on this day.")}</p>}
        {shown.map((clinician) => (
          <section key={clinician.id} className={classes.clinician}>
            <h2>
              {clinician.name}
              {clinician.suffix && `, ${clinician.suffix}`}
            </h2>
            <Table clinicianId={clinician.id} day={day} clinic={clinic} />
          </section>
        ))}
        <footer className={classes.foot}>
          {i18n._("Printed by {name} on {time}. Keep it from other people's eyes; shred it after use.", {
            name: user?.name ?? "",
            time: dateTimeText(printedAt, clinic.zone),
          })}
        </footer>
      </article>
    </div>
  );
}

interface TableProps {
  readonly clinicianId: string;
  readonly day: ClinicDay;
  readonly clinic: Clinic;
}

function Table({ clinicianId, day, clinic }: TableProps) {
  const { i18n } = useLingui();
  const rows = day.appointments.filter((one) => one.clinicianId === clinicianId && holdsSlot(one.status));
  const similar = similarNames([...day.patients.values()]);
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{i18n._("Time")}</th>
          <th scope="col">{i18n._("Patient")}</th>
          <th scope="col">{i18n._("Phone")}</th>
          <th scope="col">{i18n._("Visit")}</th>
          <th scope="col">{i18n._("Status")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <SheetRow
            key={one.id}
            appointment={one}
            patient={day.patients.get(one.patientId)}
            clinic={clinic}
            similar={similar.has(one.patientId)}
            date={day.date}
          />
        ))}
      </tbody>
    </table>
  );
}

interface SheetRowProps {
  readonly appointment: Appointment;
  readonly patient: Patient | undefined;
  readonly clinic: Clinic;
  readonly similar: boolean;
  readonly date: string;
}

function SheetRow({ appointment, patient, clinic, similar, date }: SheetRowProps) {
  const { i18n } = useLingui();
  const { start, minutes, status, reason, visitTypeId, walkIn } = appointment;
  return (
    <tr>
      <td className={classes.time}>
        {timeText(start, clinic.zone)}
        <span className={classes.soft}>{i18n._("{minutes} min", { minutes })}</span>
      </td>
      <td>
        <strong>{patient ? patientName(patient) : i18n._("Not on this tablet")}</strong>
        {patient && (
          <span className={classes.soft}>
            {i18n._("Born {birthDate} · {age}", {
              birthDate: birthDateText(patient.birthDate),
              age: ageText(patient.birthDate, date),
            })}
            {` · ${patient.recordNumber ?? i18n._("number waits")}`}
          </span>
        )}
        {similar && <span className={classes.similar}>{i18n._("Similar name today")}</span>}
      </td>
      <td className={classes.time}>{patient?.phone}</td>
      <td>
        {clinic.types.get(visitTypeId)?.name}
        {reason && <span className={classes.soft}>{reason}</span>}
      </td>
      <td>
        {statusText(i18n, status)}
        {walkIn && <span className={classes.soft}>{i18n._("Walk-in")}</span>}
      </td>
    </tr>
  );
}
