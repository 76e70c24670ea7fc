import type { ReactNode } from "react";
import { Sheet } from "#pwa/design/side-sheet.tsx";
import { PatientIdentity } from "./patient-identity.tsx";

interface PatientSheetProps {
  readonly patientId: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** A sheet about a patient: whose chart is written in stands under its title (C04). */
export const PatientSheet = ({ patientId, ...sheet }: PatientSheetProps) => (
  <Sheet about={<PatientIdentity patientId={patientId} />} {...sheet} />
);
