import { useLingui } from "@lingui/react";
import { Button, TextInput } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { type FormEvent, useDeferredValue, useMemo, useState } from "react";
import { newId } from "#domain/kernel/id.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import type { Patient } from "#domain/patient/index.ts";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { mutate, useSession } from "#pwa/local/index.ts";
import { typedBirthDate } from "./birth-date.ts";
import { BirthDateInput } from "./birth-date-input.tsx";
import classes from "./demographics.module.css";
import {
  ContactFields,
  type Demographics,
  noDemographics,
  PersonFields,
  ReachFields,
} from "./demographics-fields.tsx";
import { type DuplicateReason, findDuplicates } from "./duplicates.ts";
import { usePatientsHere } from "./finder/patients-here.ts";
import { PatientLine } from "./patient-line.tsx";

interface RegistrationFormProps {
  /** What was typed into the finder before: a name, mostly, or "family, given". */
  readonly typed?: string;
  /** Stands in a sheet: closing that is a cancel. */
  readonly inside?: boolean;
  readonly onDone: (patientId: string) => void;
  /** The person turned out to be registered already. */
  readonly onKnown: (patient: Patient) => void;
  readonly onCancel: () => void;
}

/** "Ana Trial-Lopez" and "Trial-Lopez, Ana": the last word is the family name unless a comma says otherwise. */
export function namesFrom(typed: string): Pick<Demographics, "givenName" | "familyName"> {
  const text = typed.replace(/[\d()+/.]/g, " ").trim();
  const [family = "", given] = text.split(",", 2).map((part) => part.trim());
  if (given !== undefined) return { givenName: given, familyName: family };
  const words = text.split(/\s+/).filter(Boolean);
  if (words.length < 2) return { givenName: words[0] ?? "", familyName: "" };
  return { givenName: words.slice(0, -1).join(" "), familyName: words.at(-1)! };
}

/** Three fields register a patient; the rest can wait. Whoever may be known already is shown while one types. */
export function RegistrationForm({ typed = "", inside = false, ...ends }: RegistrationFormProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const today = dateIn(practice?.zone ?? "UTC");
  const kept = useKeptForm({ form: "registration", of: typed }, { inside });
  const onDone = kept.closing(ends.onDone);
  const onKnown = kept.closing(ends.onKnown);
  const onCancel = kept.closing(ends.onCancel);
  const [value, setValue] = useKept<Demographics>(kept, "value", { ...noDemographics, ...namesFrom(typed) });
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<Demographics>) => setValue((now) => ({ ...now, ...part }));
  const birthDate = typedBirthDate(value.birthDate, today);

  const register = async (event: FormEvent) => {
    event.preventDefault();
    // A sheet around this form may be a form itself.
    event.stopPropagation();
    if (!birthDate) {
      setFailure(i18n._("The birth date is missing or is no real date. Type it like 3/9/1961."));
      return;
    }
    setBusy(true);
    try {
      const id = newId();
      await mutate("patient.register", { ...value, id, birthDate });
      onDone(id);
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };

  return (
    <form onSubmit={register}>
      <KeptLine kept={kept} />
      <div className={classes.grid}>
        <TextInput
          label={i18n._("Given name")}
          required
          withAsterisk={false}
          maxLength={80}
          autoComplete="off"
          data-autofocus
          ref={focusWhenEmpty}
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
          onChange={(text) => change({ birthDate: text })}
        />
      </div>
      <Duplicates value={value} birthDate={birthDate} today={today} onKnown={onKnown} />
      <details className={classes.optional}>
        <summary>{i18n._("More about this person (optional)")}</summary>
        <div className={classes.grid}>
          <ReachFields value={value} onChange={change} />
          <PersonFields value={value} onChange={change} />
        </div>
        <h3 className={classes.section}>{i18n._("People who may be told things")}</h3>
        <ContactFields value={value} onChange={change} />
      </details>
      {failure && (
        <p role="alert" className={classes.failure}>
          {failure}
        </p>
      )}
      <div className={classes.foot}>
        <Button type="submit" loading={busy}>
          {i18n._("Register")}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {i18n._("Do not register")}
        </Button>
      </div>
    </form>
  );
}

const focusWhenEmpty = (input: HTMLInputElement | null): void => {
  if (input && input.value === "" && input.dataset.seen === undefined) {
    input.dataset.seen = "";
    input.focus();
  }
};

interface DuplicatesProps {
  readonly value: Demographics;
  readonly birthDate: string | null;
  readonly today: string;
  readonly onKnown: (patient: Patient) => void;
}

function Duplicates({ value, birthDate, today, onKnown }: DuplicatesProps) {
  const { i18n } = useLingui();
  const { patients } = usePatientsHere();
  const { givenName, familyName, preferredName, phone } = value;
  const person = useDeferredValue(
    useMemo(
      () => ({ givenName, familyName, preferredName, phone, birthDate }),
      [givenName, familyName, preferredName, phone, birthDate],
    ),
  );
  const found = useMemo(() => findDuplicates(person, patients), [person, patients]);
  const why: Record<DuplicateReason, string> = {
    "birth-date-and-name": i18n._("Same birth date, similar name"),
    phone: i18n._("Same phone"),
    "name-and-date": i18n._("Same name, similar birth date"),
    name: i18n._("Same name"),
  };
  return (
    <div role="status">
      {found.length > 0 && (
        <section className={classes.duplicates} aria-label={i18n._("Perhaps already registered")}>
          <h3 className={classes.duplicatesTitle}>
            <IconUsers size={20} aria-hidden />
            {i18n._("Perhaps already registered")}
          </h3>
          <ul className={classes.duplicateList}>
            {found.map(({ patient, reason }) => (
              <li key={patient.id} className={classes.duplicate}>
                <span>
                  <PatientLine patient={patient} today={today} />
                  <span className={classes.why}>{why[reason]}</span>
                </span>
                <Button variant="light" onClick={() => onKnown(patient)}>
                  {i18n._("It is this person")}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
