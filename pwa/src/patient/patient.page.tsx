import { useLingui } from "@lingui/react";
import { Button, TextInput } from "@mantine/core";
import {
  IconArrowsJoin,
  IconCalendarPlus,
  IconClipboardHeart,
  IconPencil,
  IconUserOff,
} from "@tabler/icons-react";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { can } from "#domain/access/can.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { RestrictedMark } from "#pwa/care-team/index.ts";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { say, ToastPlace } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { ageText, birthDateText, dateTimeText } from "#pwa/language/language.ts";
import { local, mutate, useRow, useRows, useSession } from "#pwa/local/index.ts";
import { typedBirthDate } from "./birth-date.ts";
import { BirthDateInput } from "./birth-date-input.tsx";
import classes from "./demographics.module.css";
import {
  ContactFields,
  contactKindText,
  type Demographics,
  mayBeToldText,
  PersonFields,
  ReachFields,
} from "./demographics-fields.tsx";
import { useFromMerged } from "./merge/from-merged.tsx";
import { MergeDialog } from "./merge/merge-dialog.tsx";
import { MergeStrips } from "./merge/merge-strips.tsx";
import { MergedRecords } from "./merge/merged-records.tsx";
import page from "./patient.module.css";
import { PatientMarks } from "./patient-line.tsx";
import { languageName, sexText } from "./patient-words.ts";
import { PhoneNumber } from "./phone-number.tsx";
import { TwoValues } from "./two-values/two-values.tsx";

/** A patient as the desk knows one: administrative words only. */
export function PatientPage() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const navigate = useNavigate();
  const { patientId } = useParams({ from: "/patients/$patientId" });
  const { row: patient, ready } = useRow("patient", patientId);
  const actor = user && ({ type: "user", id: user.id, role: user.role, deviceId: null } as const);
  if (!actor || !can(actor, "demographics:read").allowed)
    return <DeniedPage permission="demographics:read" />;
  if (!patient)
    return ready ? (
      <State
        icon={IconUserOff}
        title={i18n._("This patient is not on this tablet")}
        action={{ label: i18n._("Find a patient"), onClick: () => void navigate({ to: "/patients" }) }}
      >
        {i18n._("The record may be new at the clinic and not have arrived yet.")}
      </State>
    ) : (
      <Opening label={i18n._("The patient is being opened")} />
    );
  return (
    <>
      <PatientDetails
        key={patientId}
        patient={patient}
        mayWrite={can(actor, "demographics:write").allowed}
        mayMerge={can(actor, "patient:merge").allowed}
        opensChart={can(actor, "chart:open").allowed}
        seesSchedule={can(actor, "schedule:read").allowed}
      />
      <ToastPlace />
    </>
  );
}

interface DetailsProps {
  readonly patient: Patient;
  readonly mayWrite: boolean;
  readonly mayMerge: boolean;
  readonly opensChart: boolean;
  readonly seesSchedule: boolean;
}

function PatientDetails({ patient, mayWrite, mayMerge, seesSchedule, opensChart }: DetailsProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState(false);
  const today = dateIn(practice?.zone ?? "UTC");
  const bookable = patient.active && !patient.deceasedOn && !patient.mergedInto;
  return (
    <div className={classes.page}>
      <header className={page.head}>
        <div>
          <h1 className={page.name}>
            {patientName(patient)}
            <PatientMarks patient={patient} />
            {opensChart && <RestrictedMark patientId={patient.id} />}
          </h1>
          <p className={page.facts}>
            {i18n._("Born {birthDate} · {age}", {
              birthDate: birthDateText(patient.birthDate),
              age: ageText(patient.birthDate, today),
            })}
            {` · ${patient.recordNumber ?? i18n._("number waits")}`}
            {patient.pronouns && ` · ${patient.pronouns}`}
          </p>
        </div>
        <div className={page.actions}>
          {mayWrite && !editing && (
            <Button
              variant="default"
              leftSection={<IconPencil size={20} aria-hidden />}
              onClick={() => setEditing(true)}
            >
              {i18n._("Change")}
            </Button>
          )}
          {mayMerge && !editing && !patient.mergedInto && !patient.mergePending && (
            <Button
              variant="default"
              leftSection={<IconArrowsJoin size={20} aria-hidden />}
              onClick={() => setMerging(true)}
            >
              {i18n._("Same person as…")}
            </Button>
          )}
          {opensChart && (
            <Link
              to="/patients/$patientId/chart"
              params={{ patientId: patient.id }}
              search={{ view: "summary" }}
              className={page.book}
            >
              <IconClipboardHeart size={20} aria-hidden />
              {i18n._("Open chart")}
            </Link>
          )}
          {seesSchedule && bookable && (
            <Link to="/board" search={{ book: patient.id }} className={page.book}>
              <IconCalendarPlus size={20} aria-hidden />
              {i18n._("Book")}
            </Link>
          )}
        </div>
      </header>
      <div className={page.strips}>
        <MergeStrips patient={patient} />
      </div>
      <TwoValues patient={patient} mayDecide={mayWrite} />
      {merging && <MergeDialog patient={patient} onClose={() => setMerging(false)} />}
      <div className={classes.card}>
        {editing ? (
          <EditForm patient={patient} onDone={() => setEditing(false)} />
        ) : (
          <Facts patient={patient} />
        )}
      </div>
      <MergedRecords patient={patient} />
      {seesSchedule && <Appointments patientId={patient.id} />}
    </div>
  );
}

function Facts({ patient }: { readonly patient: Patient }) {
  const { i18n } = useLingui();
  return (
    <>
      <dl className={page.list}>
        <Fact term={i18n._("Phone")}>
          {patient.phone && (
            <a href={`tel:${patient.phone.replace(/[^\d+]/g, "")}`}>
              <PhoneNumber number={patient.phone} />
            </a>
          )}
        </Fact>
        <Fact term={i18n._("Email")}>{patient.email}</Fact>
        <Fact term={i18n._("Address")}>{patient.address}</Fact>
        <Fact term={i18n._("Preferred name")}>{patient.preferredName}</Fact>
        <Fact term={i18n._("Pronouns")}>{patient.pronouns}</Fact>
        <Fact term={i18n._("Gender")}>{patient.gender}</Fact>
        <Fact term={i18n._("Sex recorded at birth")}>{sexText(i18n, patient.sex)}</Fact>
        <Fact term={i18n._("Language")}>
          {languageName(i18n, patient.language)}
          {patient.interpreter && ` · ${i18n._("needs an interpreter")}`}
        </Fact>
        {patient.deceasedOn && <Fact term={i18n._("Deceased on")}>{birthDateText(patient.deceasedOn)}</Fact>}
      </dl>
      {patient.contacts.length > 0 && (
        <>
          <h2 className={classes.section}>{i18n._("People who may be told things")}</h2>
          <ul className={page.contacts}>
            {patient.contacts.map((contact) => (
              <li key={`${contact.name} ${contact.kind} ${contact.phone}`} className={page.contact}>
                <strong>{contact.name}</strong>
                <span>
                  {[contactKindText(i18n, contact.kind), contact.relation].filter(Boolean).join(" · ")}
                  {contact.phone && (
                    <>
                      {" · "}
                      <PhoneNumber number={contact.phone} />
                    </>
                  )}
                </span>
                <span>{i18n._("May be told: {what}", { what: mayBeToldText(i18n, contact.mayBeTold) })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: React.ReactNode }) {
  return (
    <div className={page.fact}>
      <dt>{term}</dt>
      <dd>{children || "–"}</dd>
    </div>
  );
}

/** Only what was changed is sent, so that two people may change different things of one patient. */
function changesOf(patient: Patient, value: Demographics, birthDate: string): Partial<Patient> {
  const next: Partial<Patient> = { ...value, birthDate };
  return Object.fromEntries(
    Object.entries(next).filter(
      ([name, now]) => JSON.stringify(now) !== JSON.stringify(patient[name as keyof Patient]),
    ),
  );
}

function EditForm({ patient: shown, ...ends }: { readonly patient: Patient; readonly onDone: () => void }) {
  const { i18n } = useLingui();
  // Should the record be merged while somebody types, the changes are still those of the record that they saw.
  const [patient] = useState(shown);
  // What arrives while somebody types was not seen: the clinic compares with what stood here at the start.
  const [seen] = useState(() => local().version("patient", shown.id));
  const { practice } = useSession();
  const today = dateIn(practice?.zone ?? "UTC");
  const kept = useKeptForm({ form: "patient", patientId: patient.id });
  const onDone = kept.closing(ends.onDone);
  const {
    id: _,
    recordNumber,
    deceasedOn: _died,
    mergedInto,
    mergedAt,
    mergePending,
    active,
    ...rest
  } = patient;
  const [value, setValue] = useKept<Demographics>(kept, "value", rest);
  const [deceasedOn, setDeceasedOn] = useKept(kept, "deceasedOn", patient.deceasedOn ?? "");
  const [failure, setFailure] = useState<string | null>(null);
  const change = (part: Partial<Demographics>) => setValue((now) => ({ ...now, ...part }));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const birthDate = typedBirthDate(value.birthDate, today);
    const died = deceasedOn.trim() === "" ? null : typedBirthDate(deceasedOn, today);
    if (!birthDate || (deceasedOn.trim() !== "" && !died)) {
      setFailure(i18n._("Please type dates like 3/9/1961."));
      return;
    }
    try {
      const changes = changesOf(patient, value, birthDate);
      if (Object.keys(changes).length > 0)
        await mutate("patient.update", { id: patient.id, ...changes }, seen);
      if (died !== patient.deceasedOn) {
        const before = patient.deceasedOn;
        await mutate("patient.markDeceased", { id: patient.id, deceasedOn: died });
        say(died ? i18n._("Marked as deceased.") : i18n._("No longer marked as deceased."), () =>
          mutate("patient.markDeceased", { id: patient.id, deceasedOn: before }),
        );
      } else say(i18n._("Saved on this tablet"));
      onDone();
    } catch (error) {
      setFailure(errorText(error));
    }
  };
  return (
    <form onSubmit={save}>
      <KeptLine kept={kept} />
      <div className={classes.grid}>
        <TextInput
          label={i18n._("Given name")}
          required
          withAsterisk={false}
          maxLength={80}
          autoComplete="off"
          value={value.givenName}
          onChange={(event) => change({ givenName: event.currentTarget.value })}
        />
        <TextInput
          label={i18n._("Family name")}
          required
          withAsterisk={false}
          maxLength={80}
          autoComplete="off"
          value={value.familyName}
          onChange={(event) => change({ familyName: event.currentTarget.value })}
        />
        <BirthDateInput
          label={i18n._("Birth date")}
          required
          typed={value.birthDate}
          onChange={(birthDate) => change({ birthDate })}
        />
        <ReachFields value={value} onChange={change} />
        <PersonFields value={value} onChange={change} />
      </div>
      <h2 className={classes.section}>{i18n._("People who may be told things")}</h2>
      <ContactFields value={value} onChange={change} />
      <h2 className={classes.section}>{i18n._("Death")}</h2>
      <div className={classes.grid}>
        <BirthDateInput label={i18n._("Deceased on")} typed={deceasedOn} onChange={setDeceasedOn} />
        <p className={page.hint}>{i18n._("A date here stops letters and bookings. It can be taken back.")}</p>
      </div>
      {failure && (
        <p role="alert" className={classes.failure}>
          {failure}
        </p>
      )}
      <div className={classes.foot}>
        <Button type="submit">{i18n._("Save")}</Button>
        <Button variant="default" onClick={onDone}>
          {i18n._("Do not change")}
        </Button>
      </div>
    </form>
  );
}

function Appointments({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const { rows, ready } = useRows("appointment", { where: { patientId }, sort: "start" });
  const { rows: staff } = useRows("staff", {});
  const { rows: types } = useRows("visit-type", {});
  const day = dateIn(zone, instantNow());
  const shown = rows.filter(({ start }) => dateIn(zone, start) >= day);
  const fromMerged = useFromMerged(patientId);
  return (
    <section className={page.appointments}>
      <h2 className={classes.section}>{i18n._("Appointments from today on")}</h2>
      {!ready && shown.length === 0 && <Opening rows={1} label={i18n._("Appointments are being opened")} />}
      {ready && shown.length === 0 && <p className={page.hint}>{i18n._("None booked.")}</p>}
      <ul className={page.appointmentList}>
        {shown.map((one) => (
          <li key={one.id}>
            <Link
              to="/board"
              search={{ day: dateIn(zone, one.start), open: one.id }}
              className={page.appointment}
            >
              <strong>{dateTimeText(one.start, zone)}</strong>
              <span>{types.find(({ id }) => id === one.visitTypeId)?.name}</span>
              <span>{staff.find(({ id }) => id === one.clinicianId)?.name}</span>
              {fromMerged(one) && <span className={page.hint}>{fromMerged(one)}</span>}
              {one.status === "cancelled" && <span>{i18n._("Cancelled")}</span>}
              {one.status === "no-show" && <span>{i18n._("Did not come")}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
