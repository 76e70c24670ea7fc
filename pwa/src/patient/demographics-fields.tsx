import { useLingui } from "@lingui/react";
import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Patient } from "#domain/patient/index.ts";
import { Choices } from "#pwa/design/choices.tsx";
import classes from "./demographics.module.css";
import { languageName } from "./patient-words.ts";

/** What a person types about a patient, before it is judged. The birth date is text until it is understood. */
export type Demographics = Omit<
  Patient,
  "id" | "recordNumber" | "birthDate" | "deceasedOn" | "mergedInto" | "mergedAt" | "mergePending" | "active"
> & { readonly birthDate: string };

export const noDemographics: Demographics = {
  givenName: "",
  familyName: "",
  birthDate: "",
  preferredName: "",
  sex: "unknown",
  gender: "",
  pronouns: "",
  language: "en",
  interpreter: false,
  phone: "",
  email: "",
  address: "",
  contacts: [],
};

interface FieldsProps {
  readonly value: Demographics;
  readonly onChange: (change: Partial<Demographics>) => void;
}

const languages = ["en", "es", "zh", "vi", "ar", "fr", "ru", "pt", "ht", "ko", "tl", "ase"];

/** How to reach somebody. */
export function ReachFields({ value, onChange }: FieldsProps) {
  const { i18n } = useLingui();
  return (
    <>
      <TextInput
        label={i18n._("Phone")}
        type="tel"
        maxLength={30}
        autoComplete="off"
        value={value.phone}
        onChange={(event) => onChange({ phone: event.currentTarget.value })}
      />
      <TextInput
        label={i18n._("Email")}
        type="email"
        maxLength={120}
        autoComplete="off"
        value={value.email}
        onChange={(event) => onChange({ email: event.currentTarget.value })}
      />
      <Textarea
        className={classes.wide ?? ""}
        label={i18n._("Address")}
        maxLength={200}
        autosize
        minRows={2}
        value={value.address}
        onChange={(event) => onChange({ address: event.currentTarget.value })}
      />
    </>
  );
}

/** How somebody is addressed and spoken with (C16). */
export function PersonFields({ value, onChange }: FieldsProps) {
  const { i18n } = useLingui();
  const known = languages.includes(value.language) ? languages : [value.language, ...languages];
  return (
    <>
      <TextInput
        label={i18n._("Preferred name")}
        maxLength={80}
        autoComplete="off"
        value={value.preferredName}
        onChange={(event) => onChange({ preferredName: event.currentTarget.value })}
      />
      <TextInput
        label={i18n._("Pronouns")}
        maxLength={40}
        autoComplete="off"
        value={value.pronouns}
        onChange={(event) => onChange({ pronouns: event.currentTarget.value })}
      />
      <div className={classes.wide}>
        <Choices
          label={i18n._("Sex recorded at birth")}
          value={value.sex}
          onChange={(sex) => onChange({ sex })}
          options={[
            { value: "female", label: i18n._("Female") },
            { value: "male", label: i18n._("Male") },
            { value: "other", label: i18n._("Other") },
            { value: "unknown", label: i18n._("Unknown") },
          ]}
        />
      </div>
      <TextInput
        label={i18n._("Gender")}
        maxLength={60}
        autoComplete="off"
        value={value.gender}
        onChange={(event) => onChange({ gender: event.currentTarget.value })}
      />
      <NativeSelect
        size="md"
        label={i18n._("Language")}
        value={value.language}
        data={known.map((code) => ({ value: code, label: languageName(i18n, code) }))}
        onChange={(event) => onChange({ language: event.currentTarget.value })}
      />
      <Choices
        label={i18n._("Interpreter")}
        value={value.interpreter ? "yes" : "no"}
        onChange={(answer) => onChange({ interpreter: answer === "yes" })}
        options={[
          { value: "no", label: i18n._("Not needed") },
          { value: "yes", label: i18n._("Needed") },
        ]}
      />
    </>
  );
}

type Contact = Patient["contacts"][number];
const noContact: Contact = { name: "", relation: "", kind: "emergency", phone: "", mayBeTold: "nothing" };

/** Guardians, proxies and others, and what each of them may be told (C16). */
export function ContactFields({ value, onChange }: FieldsProps) {
  const { i18n } = useLingui();
  const { contacts } = value;
  const change = (at: number, part: Partial<Contact>) =>
    onChange({ contacts: contacts.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <div className={classes.wide}>
      {contacts.map((contact, index) => (
        <fieldset key={index} className={classes.contact}>
          <legend className={classes.legend}>
            {contact.name || i18n._("Contact {number}", { number: index + 1 })}
          </legend>
          <TextInput
            label={i18n._("Name")}
            required
            withAsterisk={false}
            maxLength={120}
            autoComplete="off"
            value={contact.name}
            onChange={(event) => change(index, { name: event.currentTarget.value })}
          />
          <TextInput
            label={i18n._("Relation")}
            maxLength={60}
            autoComplete="off"
            value={contact.relation}
            onChange={(event) => change(index, { relation: event.currentTarget.value })}
          />
          <TextInput
            label={i18n._("Phone")}
            type="tel"
            maxLength={30}
            autoComplete="off"
            value={contact.phone}
            onChange={(event) => change(index, { phone: event.currentTarget.value })}
          />
          <NativeSelect
            size="md"
            label={i18n._("Is")}
            value={contact.kind}
            data={(["guardian", "proxy", "emergency"] as const).map((kind) => ({
              value: kind,
              label: contactKindText(i18n, kind),
            }))}
            onChange={(event) => change(index, { kind: event.currentTarget.value as Contact["kind"] })}
          />
          <NativeSelect
            size="md"
            label={i18n._("May be told")}
            value={contact.mayBeTold}
            data={(["everything", "appointments-only", "nothing"] as const).map((what) => ({
              value: what,
              label: mayBeToldText(i18n, what),
            }))}
            onChange={(event) =>
              change(index, { mayBeTold: event.currentTarget.value as Contact["mayBeTold"] })
            }
          />
          <Button
            variant="subtle"
            color="red"
            className={classes.remove ?? ""}
            leftSection={<IconTrash size={18} aria-hidden />}
            onClick={() => onChange({ contacts: contacts.filter((_, at) => at !== index) })}
          >
            {i18n._("Remove contact")}
          </Button>
        </fieldset>
      ))}
      {contacts.length < 10 && (
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={() => onChange({ contacts: [...contacts, noContact] })}
        >
          {i18n._("Add a contact")}
        </Button>
      )}
    </div>
  );
}

type I18n = ReturnType<typeof useLingui>["i18n"];

export const contactKindText = (i18n: I18n, kind: Contact["kind"]): string =>
  ({
    guardian: i18n._("Guardian"),
    proxy: i18n._("Proxy"),
    emergency: i18n._("Emergency contact"),
  })[kind];

export const mayBeToldText = (i18n: I18n, what: Contact["mayBeTold"]): string =>
  ({
    everything: i18n._("Everything"),
    "appointments-only": i18n._("Appointments only"),
    nothing: i18n._("Nothing"),
  })[what];
