import { useLingui } from "@lingui/react";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { IconCalendarPlus, IconHourglass, IconPhone, IconPlus, IconSparkles } from "@tabler/icons-react";
import { type FormEvent, useMemo, useState } from "react";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { addDays, dateIn, instant, instantIn } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import type { WaitListEntry } from "#domain/wait-list/index.ts";
import { type Clinic, type Desk, usePatients } from "#pwa/appointment/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { say } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { birthDateText, dateTimeText } from "#pwa/language/language.ts";
import { mutate, useRow, useRows } from "#pwa/local/index.ts";
import { PatientFinder, PatientLine, PhoneNumber } from "#pwa/patient/index.ts";
import { fits, HORIZON, type Offer, offersFor } from "./offers.ts";
import { useWaiting } from "./use-waiting.ts";
import classes from "./wait-list.module.css";

export interface FreeSlot {
  readonly clinicianId: string;
  readonly start: string;
}

interface WaitListPanelProps {
  readonly clinic: Clinic;
  readonly desk: Desk;
  readonly mayWrite: boolean;
  /** A time that came free just now: who could have it stands first. */
  readonly slot?: FreeSlot | null;
  readonly onBooked?: (id: string, start: string) => void;
}

/** Who would come earlier, and what can be offered: one tap books, the phone number is beside it. */
export function WaitListPanel({ clinic, desk, mayWrite, slot = null, onBooked }: WaitListPanelProps) {
  const { i18n } = useLingui();
  const { zone } = clinic;
  const { entries, ready } = useWaiting(zone);
  const patients = usePatients(entries);
  const [adding, setAdding] = useState(false);
  const today = dateIn(zone);
  const { rows: appointments } = useRows("appointment", {
    where: {
      start: {
        gte: instantIn(zone, today, "00:00"),
        lt: instantIn(zone, addDays(today, HORIZON + 1), "00:00"),
      },
    },
  });
  const offers = useMemo(
    () => new Map(entries.map((entry) => [entry.id, offersFor({ clinic, appointments, now: now() }, entry)])),
    [entries, clinic, appointments],
  );
  const fitting = useMemo(
    () =>
      slot && Date.parse(slot.start) > now()
        ? entries.filter((entry) => fits({ clinic, appointments }, entry, slot))
        : [],
    [slot, entries, clinic, appointments],
  );
  const book = async (entry: WaitListEntry, { clinicianId, start }: FreeSlot) => {
    try {
      const id = await desk.book({
        patientId: entry.patientId,
        visitTypeId: entry.visitTypeId,
        clinicianId,
        start,
        minutes: clinic.types.get(entry.visitTypeId)?.minutes ?? 15,
        reason: entry.note,
        overbookReason: "",
        walkIn: false,
        waitListId: entry.id,
      });
      onBooked?.(id, start);
    } catch {
      // The desk has said it; the entry stays on the list.
    }
  };
  return (
    <div className={classes.panel}>
      {slot && fitting.length > 0 && (
        <section className={classes.freed} aria-label={i18n._("Came free")}>
          <h3 className={classes.freedTitle}>
            <IconSparkles size={20} aria-hidden />
            {i18n._("{time} with {name} came free", {
              time: dateTimeText(slot.start, zone),
              name: clinic.staff.get(slot.clinicianId)?.name ?? "",
            })}
          </h3>
          <ul className={classes.list}>
            {fitting.map((entry) => (
              <li key={entry.id} className={classes.fit}>
                <Who patient={patients.get(entry.patientId)} today={today} />
                <Phone patient={patients.get(entry.patientId)} />
                {mayWrite && (
                  <Button
                    leftSection={<IconCalendarPlus size={20} aria-hidden />}
                    onClick={() => void book(entry, slot)}
                  >
                    {i18n._("Book this time")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {mayWrite &&
        (adding ? (
          <AddForm clinic={clinic} onDone={() => setAdding(false)} />
        ) : (
          <Button
            variant="light"
            leftSection={<IconPlus size={20} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {i18n._("Add to the wait list")}
          </Button>
        ))}
      {entries.length > 0 ? (
        <ul className={classes.list}>
          {entries.map((entry) => (
            <Entry
              key={entry.id}
              entry={entry}
              patient={patients.get(entry.patientId)}
              clinic={clinic}
              offers={offers.get(entry.id) ?? []}
              today={today}
              mayWrite={mayWrite}
              onBook={(offer) => void book(entry, offer)}
            />
          ))}
        </ul>
      ) : ready ? (
        <State icon={IconHourglass} title={i18n._("Nobody is waiting")}>
          {i18n._("Add somebody who would come earlier. When a time comes free, it is offered here.")}
        </State>
      ) : (
        <Opening label={i18n._("The wait list is being opened")} />
      )}
    </div>
  );
}

function Who({ patient, today }: { readonly patient: Patient | undefined; readonly today: string }) {
  const { i18n } = useLingui();
  return patient ? (
    <PatientLine patient={patient} today={today} />
  ) : (
    <span>{i18n._("Not on this tablet")}</span>
  );
}

function Phone({ patient }: { readonly patient: Patient | undefined }) {
  const { i18n } = useLingui();
  if (!patient?.phone) return null;
  return (
    <a
      className={classes.phone}
      href={`tel:${patient.phone.replace(/[^\d+]/g, "")}`}
      aria-label={i18n._("Call {name}, {phone}", { name: patientName(patient), phone: patient.phone })}
    >
      <IconPhone size={18} aria-hidden />
      <PhoneNumber number={patient.phone} />
    </a>
  );
}

interface EntryProps {
  readonly entry: WaitListEntry;
  readonly patient: Patient | undefined;
  readonly clinic: Clinic;
  readonly offers: readonly Offer[];
  readonly today: string;
  readonly mayWrite: boolean;
  readonly onBook: (offer: Offer) => void;
}

function Entry({ entry, patient, clinic, offers, today, mayWrite, onBook }: EntryProps) {
  const { i18n } = useLingui();
  const { id } = entry;
  const remove = async () => {
    try {
      await mutate("wait-list.remove", { id });
      say(i18n._("{name} is off the wait list.", { name: patient ? patientName(patient) : "" }), () =>
        mutate("wait-list.restore", { id }),
      );
    } catch (error) {
      say(errorText(error));
    }
  };
  return (
    <li className={classes.entry}>
      <div className={classes.top}>
        <Who patient={patient} today={today} />
        <Phone patient={patient} />
      </div>
      <p className={classes.wish}>
        {i18n._("{type} · {clinician} · {from} to {until}", {
          type: clinic.types.get(entry.visitTypeId)?.name ?? "",
          clinician: entry.clinicianId
            ? (clinic.staff.get(entry.clinicianId)?.name ?? "")
            : i18n._("any clinician"),
          from: birthDateText(entry.from),
          until: birthDateText(entry.until),
        })}
      </p>
      {entry.note && <p className={classes.note}>{entry.note}</p>}
      {mayWrite && (
        <div className={classes.offers}>
          {offers.length === 0 && (
            <span className={classes.wish}>{i18n._("Nothing is free in these days.")}</span>
          )}
          {offers.map((offer) => (
            <Button
              key={`${offer.start} ${offer.clinicianId}`}
              variant={offer.freed ? "filled" : "default"}
              className={classes.offer ?? ""}
              onClick={() => onBook(offer)}
            >
              <span className={classes.offerText}>
                <span>
                  {i18n._("Book {time}", { time: dateTimeText(offer.start, clinic.zone) })}
                  {offer.freed && ` · ${i18n._("came free")}`}
                </span>
                <span className={classes.offerWith}>{clinic.staff.get(offer.clinicianId)?.name}</span>
              </span>
            </Button>
          ))}
          <Button variant="subtle" onClick={() => void remove()}>
            {i18n._("Remove")}
          </Button>
        </div>
      )}
    </li>
  );
}

function AddForm({ clinic, ...ends }: { readonly clinic: Clinic; readonly onDone: () => void }) {
  const { i18n } = useLingui();
  const { zone } = clinic;
  const today = dateIn(zone, instant(now()));
  const kept = useKeptForm({ form: "wait-list" });
  const onDone = kept.closing(ends.onDone);
  const [patientId, setPatientId] = useKept<string | null>(kept, "patientId", null);
  const [clinicianId, setClinicianId] = useKept(kept, "clinicianId", "");
  const [chosenTypeId, setVisitTypeId] = useKept(kept, "visitTypeId", "");
  const visitTypeId = chosenTypeId || (clinic.bookable[0]?.id ?? "");
  const [from, setFrom] = useKept(kept, "from", today);
  const [until, setUntil] = useKept(kept, "until", addDays(today, 14));
  const [note, setNote] = useKept(kept, "note", "");
  const [failure, setFailure] = useState<string | null>(null);
  const { row: patient } = useRow("patient", patientId ?? "");
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (!patientId) return setFailure(i18n._("Please choose a patient."));
    if (!from || !until || until < from)
      return setFailure(i18n._("The last day must not be before the first."));
    try {
      await mutate("wait-list.add", {
        id: newId(),
        patientId,
        clinicianId: clinicianId || null,
        visitTypeId,
        from,
        until,
        note,
      });
      say(i18n._("{name} is on the wait list.", { name: patient ? patientName(patient) : "" }));
      onDone();
    } catch (error) {
      setFailure(errorText(error));
    }
  };
  return (
    <form className={classes.form} onSubmit={add}>
      <KeptLine kept={kept} />
      {patient ? (
        <div className={classes.top}>
          <PatientLine patient={patient} today={today} />
          {patient.deceasedOn && <StateBadge tone="warn">{i18n._("Cannot be booked")}</StateBadge>}
          <Button variant="subtle" onClick={() => setPatientId(null)}>
            {i18n._("Somebody else")}
          </Button>
        </div>
      ) : (
        <PatientFinder label={i18n._("Patient")} onPick={({ id }) => setPatientId(id)} />
      )}
      <div className={classes.pair}>
        <NativeSelect
          size="md"
          label={i18n._("Clinician")}
          value={clinicianId}
          data={[
            { value: "", label: i18n._("Any clinician") },
            ...clinic.clinicians.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => setClinicianId(event.currentTarget.value)}
        />
        <NativeSelect
          size="md"
          label={i18n._("Visit type")}
          value={visitTypeId}
          data={clinic.bookable.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => setVisitTypeId(event.currentTarget.value)}
        />
        <TextInput
          label={i18n._("From")}
          type="date"
          required
          withAsterisk={false}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label={i18n._("Until")}
          type="date"
          required
          withAsterisk={false}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </div>
      <TextInput
        label={i18n._("Note, in the desk's words")}
        maxLength={200}
        autoComplete="off"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {failure && (
        <p role="alert" className={classes.failure}>
          {failure}
        </p>
      )}
      <div className={classes.offers}>
        <Button type="submit">{i18n._("Add")}</Button>
        <Button variant="default" onClick={onDone}>
          {i18n._("Do not add")}
        </Button>
      </div>
    </form>
  );
}
