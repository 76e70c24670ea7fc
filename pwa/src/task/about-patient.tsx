import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { patientName } from "#domain/patient/index.ts";
import { Picked } from "#pwa/design/picked.tsx";
import { birthDateText } from "#pwa/language/language.ts";
import { useRow } from "#pwa/local/index.ts";
import { PatientSearch } from "#pwa/patient/index.ts";

interface AboutPatientProps {
  readonly patientId: string | null;
  readonly onChange: (patientId: string | null) => void;
}

/** The patient that a task or message is about, if any. */
export function AboutPatient({ patientId, onChange }: AboutPatientProps) {
  const { i18n } = useLingui();
  const [searching, setSearching] = useState(false);
  const { row: patient } = useRow("patient", patientId ?? "");
  if (patientId && patient)
    return (
      <Picked
        title={patientName(patient)}
        detail={[birthDateText(patient.birthDate), patient.recordNumber].filter(Boolean).join(" · ")}
        onChange={() => {
          onChange(null);
          setSearching(true);
        }}
      />
    );
  if (searching)
    return (
      <PatientSearch
        label={i18n._("About")}
        onPick={({ id }) => {
          onChange(id);
          setSearching(false);
        }}
      />
    );
  return (
    <Button
      variant="default"
      leftSection={<IconUserPlus size={20} aria-hidden />}
      onClick={() => setSearching(true)}
      style={{ alignSelf: "flex-start" }}
    >
      {i18n._("About a patient")}
    </Button>
  );
}
