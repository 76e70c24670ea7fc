import { useLingui } from "@lingui/react";
import { IconArrowsJoin, IconFlower, IconUserOff } from "@tabler/icons-react";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { RestrictedMark } from "#pwa/care-team/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { ageText, birthDateText } from "#pwa/language/language.ts";
import { useMerged } from "./merge/use-merged.ts";
import classes from "./patient-line.module.css";
import { PhoneNumber } from "./phone-number.tsx";

interface PatientLineProps {
  readonly patient: Patient;
  /** Today in the practice's zone, for the age. */
  readonly today: string;
}

/** A patient in a list: the name and at least two identifiers, so that nobody is taken for somebody else (C04). */
export function PatientLine({ patient, today }: PatientLineProps) {
  const { i18n } = useLingui();
  return (
    <span className={classes.line}>
      <span className={classes.name}>
        {patientName(patient)}
        <PatientMarks patient={patient} />
        <RestrictedMark patientId={patient.id} />
      </span>
      <span className={classes.facts}>
        {i18n._("Born {birthDate} · {age}", {
          birthDate: birthDateText(patient.birthDate),
          age: ageText(patient.birthDate, today),
        })}
        {` · ${patient.recordNumber ?? i18n._("number waits")}`}
        {patient.phone && (
          <>
            {" · "}
            <PhoneNumber number={patient.phone} />
          </>
        )}
      </span>
      <OtherNames patient={patient} />
    </span>
  );
}

/** The names of records that were merged into this one: somebody may have looked for the person by them. */
function OtherNames({ patient }: { readonly patient: Patient }) {
  const { i18n } = useLingui();
  const names = new Set(useMerged(patient.id).map(patientName));
  names.delete(patientName(patient));
  if (names.size === 0) return null;
  return (
    <span className={classes.facts}>{i18n._("Also known as {names}", { names: [...names].join(", ") })}</span>
  );
}

/** What keeps a patient from being booked. */
export function PatientMarks({ patient }: { readonly patient: Patient }) {
  const { i18n } = useLingui();
  if (patient.mergedInto)
    return (
      <StateBadge tone="warn" icon={IconArrowsJoin}>
        {i18n._("Merged")}
      </StateBadge>
    );
  if (patient.deceasedOn)
    return (
      <StateBadge tone="plain" icon={IconFlower}>
        {i18n._("Deceased {date}", { date: birthDateText(patient.deceasedOn) })}
      </StateBadge>
    );
  if (!patient.active)
    return (
      <StateBadge tone="warn" icon={IconUserOff}>
        {i18n._("Not active")}
      </StateBadge>
    );
  return null;
}
