import { useLingui } from "@lingui/react";
import { dateIn } from "#domain/kernel/instant.ts";
import { patientName } from "#domain/patient/index.ts";
import { ageText, birthDateText } from "#pwa/language/language.ts";
import { useRow, useSession } from "#pwa/local/index.ts";
import classes from "./patient-banner.module.css";

/** Two identifiers on every clinical screen (C04), and what this tablet does not know about the chart (C01). */
export function PatientBanner({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { row: patient } = useRow("patient", patientId);
  if (!patient) return <div className={classes.banner}>{i18n._("This patient is not on this tablet.")}</div>;
  const age = ageText(patient.birthDate, dateIn(practice?.zone ?? "UTC"));
  return (
    <div className={classes.banner}>
      <h1 className={classes.name}>{patientName(patient)}</h1>
      <dl className={classes.facts}>
        <Fact term={i18n._("Born")} value={birthDateText(patient.birthDate)} />
        <Fact term={i18n._("Age")} value={age} />
        <Fact term={i18n._("Sex")} value={sexText(i18n, patient.sex)} />
        <Fact term={i18n._("Record")} value={patient.recordNumber ?? i18n._("waiting")} />
      </dl>
    </div>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div className={classes.fact}>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function sexText(
  i18n: ReturnType<typeof useLingui>["i18n"],
  sex: "female" | "male" | "other" | "unknown",
): string {
  return {
    female: i18n._("Female"),
    male: i18n._("Male"),
    other: i18n._("Other"),
    unknown: i18n._("Unknown"),
  }[sex];
}
