import { useLingui } from "@lingui/react";
import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import { patientName } from "#domain/patient/index.ts";
import { ageText, birthDateText, timeText } from "#pwa/language/language.ts";
import { PhoneNumber, similarNames } from "#pwa/patient/index.ts";
import { arrivedAt } from "./appointment-card.tsx";
import classes from "./day-sheet.module.css";
import { statusText } from "./status.tsx";
import type { Clinic, ClinicDay } from "./use-clinic.ts";

interface DaySheetTableProps {
  /** One clinician's, whatever their status, by time. */
  readonly appointments: readonly Appointment[];
  readonly day: ClinicDay;
  readonly clinic: Clinic;
  /** Stands over every page of the table on paper: pages part from each other. */
  readonly running: string;
}

/** One clinician's day. Who does not come is named below it, so that nobody is waited for. */
export function DaySheetTable({ appointments, day, clinic, running }: DaySheetTableProps) {
  const { i18n } = useLingui();
  const similar = similarNames([...day.patients.values()]);
  const coming = appointments.filter(({ status }) => holdsSlot(status));
  const gone = appointments.filter(({ status }) => !holdsSlot(status));
  const nameOf = ({ patientId }: Appointment) => {
    const patient = day.patients.get(patientId);
    return patient ? patientName(patient) : i18n._("Not on this tablet");
  };
  return (
    <>
      {coming.length > 0 ? (
        <table className={classes.table}>
          <thead>
            <tr className={classes.running}>
              <td colSpan={5}>{running}</td>
            </tr>
            <tr>
              <th scope="col">{i18n._("Time")}</th>
              <th scope="col">{i18n._("Patient")}</th>
              <th scope="col">{i18n._("Phone")}</th>
              <th scope="col">{i18n._("Visit")}</th>
              <th scope="col">{i18n._("Status")}</th>
            </tr>
          </thead>
          <tbody>
            {coming.map((one) => (
              <SheetRow
                key={one.id}
                appointment={one}
                name={nameOf(one)}
                day={day}
                clinic={clinic}
                similar={similar.has(one.patientId)}
              />
            ))}
          </tbody>
        </table>
      ) : (
        <p>{i18n._("Nothing is booked.")}</p>
      )}
      {gone.length > 0 && (
        <p className={classes.gone}>
          {i18n._("Not coming: {who}", {
            who: gone
              .map(
                (one) =>
                  `${timeText(one.start, clinic.zone)} ${nameOf(one)} (${statusText(i18n, one.status)})`,
              )
              .join("; "),
          })}
        </p>
      )}
    </>
  );
}

interface SheetRowProps {
  readonly appointment: Appointment;
  readonly name: string;
  readonly day: ClinicDay;
  readonly clinic: Clinic;
  readonly similar: boolean;
}

function SheetRow({ appointment, name, day, clinic, similar }: SheetRowProps) {
  const { i18n } = useLingui();
  const { id, start, minutes, status, reason, roomId, visitTypeId, walkIn } = appointment;
  const patient = day.patients.get(appointment.patientId);
  const room = clinic.rooms.find((one) => one.id === roomId)?.name;
  const arrived = status === "arrived" ? arrivedAt(appointment) : undefined;
  const marks = [
    arrived && i18n._("since {time}", { time: timeText(arrived, clinic.zone) }),
    walkIn && i18n._("Walk-in"),
    appointment.overbookReason && i18n._("Overbooked"),
    day.waiting.has(id) && i18n._("Not yet at the clinic"),
  ].filter(Boolean);
  return (
    <tr>
      <td className={classes.time}>
        {timeText(start, clinic.zone)}
        <span className={classes.soft}>{i18n._("{minutes} min", { minutes })}</span>
      </td>
      <td>
        <strong>{name}</strong>
        {patient && (
          <span className={classes.soft}>
            {i18n._("Born {birthDate} · {age}", {
              birthDate: birthDateText(patient.birthDate),
              age: ageText(patient.birthDate, day.date),
            })}
            {` · ${patient.recordNumber ?? i18n._("number waits")}`}
          </span>
        )}
        {similar && <span className={classes.similar}>{i18n._("Similar name today")}</span>}
      </td>
      <td>{patient?.phone && <PhoneNumber number={patient.phone} />}</td>
      <td>
        {clinic.types.get(visitTypeId)?.name}
        {reason && <span className={classes.soft}>{reason}</span>}
      </td>
      <td>
        {status === "roomed" && room ? room : statusText(i18n, status)}
        {marks.length > 0 && <span className={classes.soft}>{marks.join(" · ")}</span>}
      </td>
    </tr>
  );
}
