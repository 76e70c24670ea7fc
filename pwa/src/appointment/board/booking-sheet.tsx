import { useLingui } from "@lingui/react";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { worksOn } from "#domain/appointment/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { dateIn, timeIn } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { Choices } from "#pwa/design/choices.tsx";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Sheet } from "#pwa/design/sheet.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { dayText, timeText } from "#pwa/language/language.ts";
import { useRow } from "#pwa/local/index.ts";
import { PatientFinder, PatientLine, RegistrationForm } from "#pwa/patient/index.ts";
import { typedInstant } from "./day-frame.ts";
import { takenSlot } from "./free-times.ts";
import { HeldBy } from "./held-by.tsx";
import { NothingFree } from "./nothing-free.tsx";
import { PromiseLine } from "./promise.tsx";
import classes from "./sheets.module.css";
import takenClasses from "./taken.module.css";
import { Taken, takenText } from "./taken.tsx";
import { type Clinic, useClinicDay } from "./use-clinic.ts";
import type { Desk } from "./use-desk.ts";

export interface BookingStart {
  readonly clinicianId: string;
  readonly start: string;
  readonly patientId?: string;
  readonly visitTypeId?: string;
  readonly waitListId?: string;
  readonly walkIn?: boolean;
}

interface BookingSheetProps {
  readonly from: BookingStart;
  readonly clinic: Clinic;
  readonly desk: Desk;
  readonly mayOverbook: boolean;
  readonly onClose: () => void;
  readonly onBooked: (id: string, start: string) => void;
}

/** The visit type that was booked last: most days are full of the same kind. */
let lastType: string | null = null;

/** Who, what and when, in that order. Everything but the patient has an answer already. */
export function BookingSheet({ from, clinic, desk, mayOverbook, ...ends }: BookingSheetProps) {
  const { i18n } = useLingui();
  const { zone } = clinic;
  const formId = useId();
  const bookButton = useRef<HTMLButtonElement>(null);
  // Whoever stands at the desk does so at another time each time.
  const slot = from.walkIn ? "walk-in" : `${from.clinicianId} ${from.start}`;
  const kept = useKeptForm({
    form: "booking",
    patientId: from.patientId,
    of: `${slot} ${from.waitListId ?? ""}`,
  });
  const onClose = kept.closing(ends.onClose);
  const onBooked = kept.closing(ends.onBooked);
  const [patientId, setPatientId] = useKept(kept, "patientId", from.patientId ?? null);
  const [registering, setRegistering] = useKept<string | null>(kept, "registering", null);
  const [chosenTypeId, setTypeId] = useKept(kept, "typeId", from.visitTypeId ?? null);
  // The sheet may be open before the visit types are: what is usual is found when they come.
  const usual = clinic.bookable.find(({ id }) => id === lastType) ?? clinic.bookable[0];
  const typeId = chosenTypeId ?? usual?.id ?? null;
  const [ownMinutes, setOwnMinutes] = useKept<number | null>(kept, "minutes", null);
  const [clinicianId, setClinicianId] = useKept(kept, "clinicianId", from.clinicianId);
  const [start, setStart] = useKept(kept, "start", from.start);
  const [reason, setReason] = useKept(kept, "reason", "");
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { row: patient } = useRow("patient", patientId ?? "");
  const date = dateIn(zone, start);
  const day = useClinicDay(zone, date);
  const type = typeId ? clinic.types.get(typeId) : undefined;
  const minutes = ownMinutes ?? type?.minutes ?? 15;
  const taken = takenSlot(clinic, day, { id: "", clinicianId, start, minutes });
  const refusal = patient && notBookable(i18n, patient);

  const book = async (change: { readonly start?: string; readonly overbookReason?: string } = {}) => {
    if (!patientId || !typeId || refusal) return;
    setBusy(true);
    try {
      const at = change.start ?? start;
      const id = await desk.book({
        patientId,
        visitTypeId: typeId,
        clinicianId,
        start: at,
        minutes,
        reason: reason.trim(),
        overbookReason: change.overbookReason ?? "",
        walkIn: from.walkIn ?? false,
        waitListId: from.waitListId ?? null,
      });
      lastType = typeId;
      onBooked(id, at);
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!taken) void book();
  };
  const setWhen = (nextDate: string, time: string) => {
    const at = typedInstant(zone, nextDate, time);
    if (at) setStart(at);
  };
  const choose = (id: string) => {
    setPatientId(id);
    setRegistering(null);
  };
  // With the patient known the rest has answers: Enter books.
  const known = patient?.id;
  useEffect(() => {
    if (known) bookButton.current?.focus();
  }, [known]);

  const clinician = clinic.staff.get(clinicianId);
  const title = from.walkIn
    ? i18n._("Walk-in")
    : i18n._("Book {time} with {name}", { time: timeText(start, zone), name: clinician?.name ?? "" });
  if (registering !== null)
    return (
      <Sheet title={i18n._("New patient")} onClose={onClose}>
        <RegistrationForm
          inside
          typed={registering}
          onDone={choose}
          onKnown={({ id }) => choose(id)}
          onCancel={() => setRegistering(null)}
        />
      </Sheet>
    );
  return (
    <Sheet
      title={title}
      onClose={onClose}
      foot={
        <Button
          ref={bookButton}
          data-autofocus={from.patientId ? true : undefined}
          type="submit"
          form={formId}
          loading={busy}
          disabled={!patient || !typeId || taken !== null || Boolean(refusal)}
        >
          {from.walkIn ? i18n._("Add walk-in") : i18n._("Book")}
        </Button>
      }
    >
      <form id={formId} onSubmit={submit} className={classes.form}>
        <KeptLine kept={kept} />
        <p className={classes.when}>{dayText(start, zone)}</p>
        {patient ? (
          <div className={classes.chosen}>
            <PatientLine patient={patient} today={dateIn(zone, instantNow())} />
            <Button variant="subtle" onClick={() => setPatientId(null)}>
              {i18n._("Change")}
            </Button>
          </div>
        ) : (
          <PatientFinder
            label={i18n._("Patient")}
            autoFocus
            onPick={({ id }) => choose(id)}
            onRegister={setRegistering}
          />
        )}
        {refusal && (
          <p role="alert" className={classes.failure}>
            {refusal}
          </p>
        )}
        {taken && (
          <Taken
            {...(patientId && { patientId })}
            title={takenText(i18n, timeText(start, zone), taken)}
            clinic={clinic}
            slot={{ clinicianId, start, minutes }}
            nearest={taken.nearest}
            onTake={setStart}
            onOverbook={
              mayOverbook && patient && !refusal
                ? (overbookReason) => void book({ overbookReason })
                : undefined
            }
          >
            <HeldBy clinic={clinic} slot={{ clinicianId, start, minutes }} taken={taken} />
          </Taken>
        )}
        {!taken && (
          <PromiseLine
            clinic={clinic}
            day={day}
            wanted={{ clinicianId, start, minutes }}
            onTake={(lease) => {
              setClinicianId(lease.clinicianId);
              setStart(lease.start);
            }}
          />
        )}
        {!taken && !from.walkIn && !worksOn(clinic.hoursOf(clinicianId), date) && (
          <p role="status" className={takenClasses.off}>
            <NothingFree
              clinic={clinic}
              wanted={{ id: "", clinicianId, minutes }}
              date={date}
              full=""
              onTake={setStart}
            />
          </p>
        )}
        <Choices
          label={i18n._("Visit type")}
          value={typeId}
          onChange={(id) => {
            setTypeId(id);
            setOwnMinutes(null);
          }}
          options={clinic.bookable.map(({ id, name, minutes: length }) => ({
            value: id,
            label: name,
            note: i18n._("{minutes} min", { minutes: length }),
          }))}
        />
        <TextInput
          label={i18n._("Reason, in the desk's words")}
          description={i18n._("For example: form to be signed. Nothing about health.")}
          maxLength={200}
          autoComplete="off"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <NativeSelect
          size="md"
          label={i18n._("Clinician")}
          value={clinicianId}
          data={clinic.clinicians.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => setClinicianId(event.currentTarget.value)}
        />
        <div className={classes.pair}>
          {/* Whoever stands at the desk is here today. */}
          {!from.walkIn && (
            <TextInput
              label={i18n._("Day")}
              type="date"
              value={date}
              onChange={(event) => setWhen(event.currentTarget.value, timeIn(zone, start))}
            />
          )}
          <TextInput
            label={i18n._("Time")}
            type="time"
            step={300}
            value={timeIn(zone, start)}
            onChange={(event) => setWhen(date, event.currentTarget.value)}
          />
        </div>
        <LengthChoice minutes={minutes} onChange={setOwnMinutes} />
        {failure && (
          <p role="alert" className={classes.failure}>
            {failure}
          </p>
        )}
      </form>
    </Sheet>
  );
}

const lengths = [5, 10, 15, 20, 30, 45, 60];

export function LengthChoice(props: {
  readonly minutes: number;
  readonly onChange: (minutes: number) => void;
}) {
  const { i18n } = useLingui();
  const { minutes, onChange } = props;
  const shown = lengths.includes(minutes) ? lengths : [...lengths, minutes].sort((a, b) => a - b);
  return (
    <Choices
      label={i18n._("Minutes")}
      value={minutes}
      onChange={onChange}
      options={shown.map((value) => ({ value, label: String(value) }))}
    />
  );
}

/** Why the clinic would refuse any booking for this patient. */
function notBookable(i18n: ReturnType<typeof useLingui>["i18n"], patient: Patient): string | null {
  const name = patientName(patient);
  if (patient.deceasedOn) return i18n._("{name} is marked as deceased; nothing can be booked.", { name });
  if (patient.mergedInto) return i18n._("{name} was merged into another record; book that one.", { name });
  if (!patient.active) return i18n._("{name} is not active; nothing can be booked.", { name });
  return null;
}
