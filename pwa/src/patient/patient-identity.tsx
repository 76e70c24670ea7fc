import { useLingui } from "@lingui/react";
import { patientName } from "#domain/patient/index.ts";
import { birthDateText } from "#pwa/language/language.ts";
import { useRow } from "#pwa/local/index.ts";

/** Name, birth date and record number in one line. */
export function PatientIdentity({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { row: patient } = useRow("patient", patientId);
  if (!patient) return <>{i18n._("This patient is not on this tablet.")}</>;
  return (
    <>
      {i18n._("{name} · born {birthDate}", {
        name: patientName(patient),
        birthDate: birthDateText(patient.birthDate),
      })}
      {patient.recordNumber && ` · ${patient.recordNumber}`}
    </>
  );
}
