import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconEar, IconUserX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { dateIn } from "#domain/kernel/instant.ts";
import { patientName } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { ageText, birthDateText } from "#pwa/language/language.ts";
import { useRow, useSession } from "#pwa/local/index.ts";
import { MergeStrips } from "./merge/merge-strips.tsx";
import classes from "./patient-banner.module.css";
import { languageName, sexText } from "./patient-words.ts";
import { useSimilarToday } from "./similar-today.ts";
import { TwoValuesStrip } from "./two-values/two-values-strip.tsx";

interface PatientBannerProps {
  readonly patientId: string;
  /** Marks beside the name that come from other parts of the record. */
  readonly marks?: ReactNode;
  /** What must be known first: allergies, alerts. */
  readonly first?: ReactNode;
  readonly actions?: ReactNode;
}

/** Two identifiers on every clinical screen, who could be taken for this patient today (C04), and what comes first. */
export function PatientBanner({ patientId, marks, first, actions }: PatientBannerProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { row: patient } = useRow("patient", patientId);
  const similar = useSimilarToday(patientId);
  if (!patient) return <div className={classes.banner}>{i18n._("This patient is not on this tablet.")}</div>;
  const age = ageText(patient.birthDate, patient.deceasedOn ?? dateIn(practice?.zone ?? "UTC"));
  return (
    <section
      className={classes.banner}
      aria-label={i18n._("Patient")}
      data-deceased={Boolean(patient.deceasedOn)}
    >
      <div className={classes.top}>
        <div className={classes.who}>
          <h1 className={classes.name}>{patientName(patient)}</h1>
          {patient.pronouns && <span className={classes.pronouns}>{patient.pronouns}</span>}
          {patient.deceasedOn && (
            <StateBadge tone="bad" icon={IconUserX}>
              {i18n._("Died {date}", { date: birthDateText(patient.deceasedOn) })}
            </StateBadge>
          )}
          {patient.interpreter && (
            <StateBadge tone="accent" icon={IconEar}>
              {i18n._("Interpreter: {language}", { language: languageName(i18n, patient.language) })}
            </StateBadge>
          )}
          {marks}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      <dl className={classes.facts}>
        <Fact term={i18n._("Born")} value={birthDateText(patient.birthDate)} />
        <Fact term={patient.deceasedOn ? i18n._("Age at death") : i18n._("Age")} value={age} />
        <Fact term={i18n._("Sex")} value={sexText(i18n, patient.sex)} />
        {patient.gender && <Fact term={i18n._("Gender")} value={patient.gender} />}
        <Fact term={i18n._("Record")} value={patient.recordNumber ?? i18n._("waiting")} />
        {patient.contacts
          .filter(({ kind }) => kind === "guardian")
          .map(({ name, relation }) => (
            <Fact key={name} term={relation || i18n._("Guardian")} value={name} />
          ))}
      </dl>
      <div className={classes.strips}>
        {first}
        <MergeStrips patient={patient} />
        <TwoValuesStrip patientId={patient.id} />
        {similar.map((other) => (
          <p key={other.id} className={classes.similar}>
            <IconAlertTriangle size={18} aria-hidden />
            <span>
              {i18n._("Similar name today: {name}, born {birthDate}, {record}", {
                name: patientName(other),
                birthDate: birthDateText(other.birthDate),
                record: other.recordNumber ?? i18n._("waiting"),
              })}
            </span>
          </p>
        ))}
      </div>
    </section>
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
