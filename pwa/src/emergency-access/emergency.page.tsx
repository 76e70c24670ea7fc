import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCalendarOff, IconLifebuoy, IconLock, IconPencil, IconUserSearch } from "@tabler/icons-react";
import { useState } from "react";
import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { patientName } from "#domain/patient/index.ts";
import { startCapturing } from "#pwa/capture/index.ts";
import { SafetyCardView } from "#pwa/chart/index.ts";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { birthDateText, dateTimeText, dayText, timeText } from "#pwa/language/language.ts";
import { openChart, useConnection, useRecorder, useRow, useRows, useSession } from "#pwa/local/index.ts";
import { PatientFinder, PatientIdentity, PhoneNumber } from "#pwa/patient/index.ts";
import { CutOffRecordings, RecordingLockBar } from "#pwa/recording/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./emergency.module.css";

/** What a tablet shows in an emergency after its offline time (C23): today's list and the safety cards, and no chart. */
export function EmergencyPage() {
  const { i18n } = useLingui();
  const { practice, emergencyUntil, actions } = useSession();
  const { offlineSince } = useConnection();
  const recorder = useRecorder();
  const may = useMay();
  const [chosen, setChosen] = useState<string | null>(null);
  const zone = practice?.zone ?? "UTC";
  const cards = may("chart:open");
  const choose = (patientId: string) => {
    setChosen(patientId);
    if (cards) openChart(patientId); // looked at, which the clinic is told of
  };
  return (
    <div className={classes.page}>
      <div className={classes.top}>
        <header className={classes.bar}>
          <IconLifebuoy size={24} aria-hidden />
          <div className={classes.barWords}>
            <strong>{i18n._("Emergency access")}</strong>
            <span>
              {emergencyUntil &&
                i18n._("until {time}; charts stay hidden", { time: timeText(emergencyUntil, zone) })}
            </span>
            <span>{offlineSince && i18n._("As of {time}", { time: dateTimeText(offlineSince, zone) })}</span>
          </div>
          {may("capture:write") && (
            <Button
              variant="default"
              leftSection={<IconPencil size={20} aria-hidden />}
              onClick={startCapturing}
            >
              {i18n._("Write something down")}
            </Button>
          )}
          <Button variant="default" leftSection={<IconLock size={20} aria-hidden />} onClick={actions.lock}>
            {i18n._("Lock")}
          </Button>
        </header>
        <div className={classes.recording}>
          {recorder.state !== "idle" && <RecordingLockBar />}
          <CutOffRecordings />
        </div>
      </div>
      <main className={classes.columns}>
        <TodayList zone={zone} chosen={chosen} onChoose={choose} />
        <section className={classes.side} aria-label={i18n._("Patient")}>
          <PatientFinder label={i18n._("Find a patient")} onPick={({ id }) => choose(id)} />
          {chosen ? (
            <ChosenPatient key={chosen} patientId={chosen} cards={cards} />
          ) : (
            <State icon={IconUserSearch} title={i18n._("Choose a patient")}>
              {cards
                ? i18n._("Allergies, medications and problems of the safety card appear here.")
                : i18n._("Name, birth date and phone appear here.")}
            </State>
          )}
        </section>
      </main>
    </div>
  );
}

interface TodayListProps {
  readonly zone: string;
  readonly chosen: string | null;
  readonly onChoose: (patientId: string) => void;
}

function TodayList({ zone, chosen, onChoose }: TodayListProps) {
  const { i18n } = useLingui();
  const date = dateIn(zone);
  const { rows, ready } = useRows("appointment", {
    where: { start: { gte: instantIn(zone, date, "00:00"), lt: instantIn(zone, addDays(date, 1), "00:00") } },
    sort: "start",
  });
  const visits = rows.filter(({ status }) => holdsSlot(status));
  return (
    <section aria-labelledby="emergency-today">
      <h1 id="emergency-today" className={classes.title}>
        {i18n._("Today")} <span>{dayText(new Date(instantIn(zone, date, "12:00")), zone)}</span>
      </h1>
      {visits.length > 0 ? (
        <ul className={classes.list}>
          {visits.map((visit) => (
            <Visit
              key={visit.id}
              visit={visit}
              zone={zone}
              isChosen={visit.patientId === chosen}
              onChoose={() => onChoose(visit.patientId)}
            />
          ))}
        </ul>
      ) : ready ? (
        <State icon={IconCalendarOff} title={i18n._("No visits today")}>
          {i18n._("As this tablet last heard from the clinic.")}
        </State>
      ) : (
        <Opening label={i18n._("Today's visits are being opened")} />
      )}
    </section>
  );
}

interface VisitProps {
  readonly visit: Appointment;
  readonly zone: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Visit({ visit, zone, isChosen, onChoose }: VisitProps) {
  const { i18n } = useLingui();
  const { row: patient } = useRow("patient", visit.patientId);
  const { row: clinician } = useRow("staff", visit.clinicianId);
  const { row: type } = useRow("visit-type", visit.visitTypeId);
  return (
    <li>
      <button type="button" className={classes.visit} aria-pressed={isChosen} onClick={onChoose}>
        <span className={classes.time}>{timeText(visit.start, zone)}</span>
        <span>
          <strong>{patient ? patientName(patient) : i18n._("Not on this tablet")}</strong>
          <span className={classes.soft}>
            {patient && i18n._("Born {birthDate}", { birthDate: birthDateText(patient.birthDate) })}
          </span>
        </span>
        <span className={classes.soft}>
          {type?.name}
          <span className={classes.soft}>{clinician?.name}</span>
        </span>
      </button>
    </li>
  );
}

function ChosenPatient({ patientId, cards }: { readonly patientId: string; readonly cards: boolean }) {
  const { row: patient } = useRow("patient", patientId);
  return (
    <>
      <h2 className={classes.identity}>
        <PatientIdentity patientId={patientId} />
      </h2>
      {patient?.phone && (
        <p className={classes.phone}>
          <PhoneNumber number={patient.phone} />
        </p>
      )}
      {cards && <SafetyCardView patientId={patientId} />}
    </>
  );
}
