import { useLingui } from "@lingui/react";
import { useState } from "react";
import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import type { Capture } from "#domain/capture/index.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { Picked } from "#pwa/design/picked.tsx";
import { Sheet, SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { startVisit } from "#pwa/encounter/index.ts";
import { birthDateText, dateTimeText } from "#pwa/language/language.ts";
import { mutate, useRow, useRows, useSession } from "#pwa/local/index.ts";
import { PatientSearch } from "#pwa/patient/index.ts";
import classes from "./unassigned.module.css";

/** Visits that are offered, the newest first. */
const MOST = 6;

interface MatchCaptureProps {
  readonly capture: Capture;
  readonly onClose: () => void;
}

/** Whose it is, with its words in sight; and in which visit, where it was in one. */
export function MatchCapture({ capture, onClose }: MatchCaptureProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const saving = useSaving();
  const { row: known } = useRow("patient", capture.patientId ?? "");
  const [chosen, setPatient] = useState<Patient | null>(null);
  const patient = known ?? chosen;
  const [visit, setVisit] = useState<Appointment | null>(null);
  const { row: encounter } = useRow("encounter", visit ? encounterIdOf(visit.id) : "");
  const match = async () => {
    if (!patient) return;
    if (visit && !encounter) await startVisit({ appointment: visit, zone, started: false, by: "writing" });
    const encounterId = visit && encounterIdOf(visit.id);
    await mutate("capture.match", { id: capture.id, patientId: patient.id, encounterId });
    const name = patientName(patient);
    const undo = () =>
      mutate("capture.release", {
        id: capture.id,
        patientId: patient.id,
        reason: i18n._("Match taken back"),
      });
    if (known) say(i18n._("In the visit of {name}", { name }));
    // Its sound is the visit's recording by then, and moves like one.
    else
      say(
        i18n._("In the chart of {name}. Its author is told.", { name }),
        visit && capture.sound ? null : undo,
      );
    onClose();
  };
  return (
    <Sheet
      title={known ? i18n._("Put into a visit") : i18n._("Whose is it?")}
      about={capture.label}
      onClose={onClose}
      wide
    >
      <SheetForm
        saving={saving}
        label={known ? i18n._("Put into the visit") : i18n._("Put into the chart")}
        onCancel={onClose}
        onSave={() => void saving.save(match)}
        missing={
          !patient ? i18n._("Choose the patient") : known && !visit ? i18n._("Choose the visit") : null
        }
      >
        {capture.text && <blockquote className={classes.text}>{capture.text}</blockquote>}
        {patient ? (
          <>
            <Picked
              title={patientName(patient)}
              detail={[
                i18n._("Born {birthDate}", { birthDate: birthDateText(patient.birthDate) }),
                patient.recordNumber,
              ]
                .filter(Boolean)
                .join(" · ")}
              {...(!known && {
                onChange: () => {
                  setPatient(null);
                  setVisit(null);
                },
              })}
            />
            <WhichVisit patientId={patient.id} value={visit} onChange={setVisit} />
          </>
        ) : (
          <PatientSearch label={i18n._("Patient")} onPick={setPatient} autoFocus />
        )}
        {capture.sound && (
          <p className={itemList.meta}>
            {i18n._("With a visit, the recording goes into it and is transcribed.")}
          </p>
        )}
      </SheetForm>
    </Sheet>
  );
}

interface WhichVisitProps {
  readonly patientId: string;
  readonly value: Appointment | null;
  readonly onChange: (visit: Appointment | null) => void;
}

function WhichVisit({ patientId, value, onChange }: WhichVisitProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const { rows } = useRows("appointment", {
    where: { patientId, start: { lt: instantIn(zone, addDays(dateIn(zone), 1), "00:00") } },
    sort: { by: "start", descending: true },
  });
  const visits = rows.filter(({ status }) => holdsSlot(status)).slice(0, MOST);
  if (visits.length === 0)
    return <p className={itemList.meta}>{i18n._("No visit is on this tablet: it goes into the chart.")}</p>;
  return (
    <Choices
      label={i18n._("In which visit?")}
      options={[
        { value: "", label: i18n._("In none") },
        ...visits.map(({ id, start }) => ({ value: id, label: dateTimeText(start, zone) })),
      ]}
      value={[value?.id ?? ""]}
      onChange={([id]) => onChange(visits.find((visit) => visit.id === id) ?? null)}
    />
  );
}
