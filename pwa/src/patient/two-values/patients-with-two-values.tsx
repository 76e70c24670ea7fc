import { useLingui } from "@lingui/react";
import { type Patient, survivorOf } from "#domain/patient/index.ts";
import { useMergeLinks, useRows } from "#pwa/local/index.ts";
import { PatientLinks } from "../patient-links.tsx";
import classes from "../patients.module.css";

interface PatientsWithTwoValuesProps {
  readonly patients: readonly Patient[];
  /** Today in the practice's zone, for the age. */
  readonly today: string;
}

/** Whom somebody has to ask: two different values were entered for them. */
export function PatientsWithTwoValues({ patients, today }: PatientsWithTwoValuesProps) {
  const { i18n } = useLingui();
  const links = useMergeLinks();
  const { rows } = useRows("demographics-review", { where: { decision: null } });
  const ids = new Set(rows.map(({ patientId }) => survivorOf(links, patientId)));
  const asked = patients.filter(({ id }) => ids.has(id));
  if (asked.length === 0) return null;
  return (
    <>
      <h2 className={classes.subtitle}>
        {i18n._("Two different values: {count}", {
          count: asked.length,
        })}
      </h2>
      <PatientLinks patients={asked} today={today} />
    </>
  );
}
