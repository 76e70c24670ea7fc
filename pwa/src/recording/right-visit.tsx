import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useId, useState } from "react";
import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { LoadingRows } from "#pwa/design/state.tsx";
import { birthDateText, dateTimeText, timeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSession } from "#pwa/local/index.ts";
import { PatientSearch } from "#pwa/patient/index.ts";
import classes from "./move-sheet.module.css";

interface RightVisitProps {
  /** The visit it was recorded in by mistake. */
  readonly except: string;
  readonly value: Appointment | null;
  readonly onChange: (visit: Appointment | null) => void;
}

/** Visits of another patient that are offered, the newest first. */
const MOST = 6;

/** The right patient's visit: today's first, any other patient's by the finder. Two identifiers in each (C04). */
export function RightVisit({ except, value, onChange }: RightVisitProps) {
  const { i18n } = useLingui();
  const [found, setFound] = useState<Patient | null>(null);
  const [searching, setSearching] = useState(false);
  const { visits, ready } = useVisits(found, except);
  const choose = (patient: Patient | null) => {
    setFound(patient);
    setSearching(false);
    onChange(null);
  };
  if (!ready && visits.length === 0)
    return <LoadingRows rows={3} label={i18n._("The visits are being opened")} />;
  return (
    <>
      {visits.length > 0 && (
        <VisitList
          label={
            found
              ? i18n._("Visits of {name}", { name: patientName(found) })
              : i18n._("Whose visit was recorded?")
          }
          today={!found}
          visits={visits}
          value={value}
          onChange={onChange}
        />
      )}
      {visits.length === 0 && (
        <p className={classes.words}>
          {found
            ? i18n._("{name} has no visit on this tablet. The front desk can add one as a walk-in.", {
                name: patientName(found),
              })
            : i18n._("No other visit today.")}
        </p>
      )}
      {searching ? (
        <PatientSearch label={i18n._("Another patient")} onPick={choose} autoFocus />
      ) : (
        <Button
          variant="default"
          leftSection={<IconSearch size={20} aria-hidden />}
          onClick={() => (found ? choose(null) : setSearching(true))}
          style={{ alignSelf: "flex-start" }}
        >
          {found ? i18n._("Back to today's visits") : i18n._("Find another patient")}
        </Button>
      )}
    </>
  );
}

/** Today's visits (a clinician's own), or those of a patient who was looked for, up to today. */
function useVisits(of: Patient | null, except: string) {
  const { user, practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const date = dateIn(zone);
  const tomorrow = instantIn(zone, addDays(date, 1), "00:00");
  const own = user?.role === "clinician" ? { clinicianId: user.id } : {};
  const { rows, ready } = useRows("appointment", {
    where: of
      ? { patientId: of.id, start: { lt: tomorrow } }
      : { start: { gte: instantIn(zone, date, "00:00"), lt: tomorrow }, ...own },
    sort: of ? { by: "start", descending: true } : "start",
  });
  const visits = rows.filter(({ id, status }) => holdsSlot(status) && encounterIdOf(id) !== except);
  return { visits: of ? visits.slice(0, MOST) : visits, ready };
}

interface VisitListProps extends Pick<RightVisitProps, "value" | "onChange"> {
  readonly label: string;
  readonly today: boolean;
  readonly visits: readonly Appointment[];
}

function VisitList({ label, today, visits, value, onChange }: VisitListProps) {
  const name = useId();
  return (
    <fieldset className={classes.visits}>
      <legend className={classes.legend}>{label}</legend>
      {visits.map((visit) => (
        <label key={visit.id} className={classes.visit}>
          <input
            type="radio"
            name={name}
            className={classes.radio}
            checked={visit.id === value?.id}
            onChange={() => onChange(visit)}
          />
          <VisitWords visit={visit} today={today} />
        </label>
      ))}
    </fieldset>
  );
}

function VisitWords({ visit, today }: { readonly visit: Appointment; readonly today: boolean }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const { row: patient } = useRow("patient", visit.patientId);
  return (
    <>
      <span className={classes.when}>
        {today ? timeText(visit.start, zone) : dateTimeText(visit.start, zone)}
      </span>
      <span>
        <span className={classes.name}>{patient ? patientName(patient) : i18n._("Not on this tablet")}</span>
        {patient && (
          <span className={classes.identity}>
            {i18n._("Born {birthDate}", { birthDate: birthDateText(patient.birthDate) })}
            {patient.recordNumber && ` · ${patient.recordNumber}`}
          </span>
        )}
      </span>
    </>
  );
}
