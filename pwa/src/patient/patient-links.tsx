import { Link } from "@tanstack/react-router";
import type { Patient } from "#domain/patient/index.ts";
import { PatientLine } from "./patient-line.tsx";
import classes from "./patients.module.css";

interface PatientLinksProps {
  readonly patients: readonly Patient[];
  /** Today in the practice's zone, for the age. */
  readonly today: string;
}

/** Patients in a list; a tap opens one. */
export const PatientLinks = ({ patients, today }: PatientLinksProps) => (
  <ul className={classes.list}>
    {patients.map((patient) => (
      <li key={patient.id}>
        <Link to="/patients/$patientId" params={{ patientId: patient.id }} className={classes.row}>
          <PatientLine patient={patient} today={today} />
        </Link>
      </li>
    ))}
  </ul>
);
