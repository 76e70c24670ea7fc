import { useLingui } from "@lingui/react";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { SearchField } from "#pwa/design/search-field.tsx";
import { birthDateText } from "#pwa/language/language.ts";
import { useRows } from "#pwa/local/index.ts";

interface PatientSearchProps {
  readonly label: string;
  readonly onPick: (patient: Patient) => void;
  readonly except?: string;
  readonly autoFocus?: boolean;
}

const plain = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();

/** A patient by any part of the name, the birth date or the record number, with both identifiers in every answer (C04). */
export function PatientSearch({ label, onPick, except, autoFocus = false }: PatientSearchProps) {
  const { i18n } = useLingui();
  const { rows } = useRows("patient", { where: { active: true } });
  const search = (text: string) => {
    const words = plain(text).split(/\s+/);
    return rows
      .filter((one) => {
        if (one.id === except) return false;
        const about = plain(
          `${patientName(one)} ${one.birthDate} ${birthDateText(one.birthDate)} ${one.recordNumber ?? ""}`,
        );
        return words.every((word) => about.includes(word));
      })
      .slice(0, 7);
  };
  return (
    <SearchField<Patient>
      label={label}
      placeholder={i18n._("name, birth date or record number")}
      search={search}
      describe={(one) => ({
        key: one.id,
        title: patientName(one),
        detail: [birthDateText(one.birthDate), one.recordNumber].filter(Boolean).join(" · "),
      })}
      onPick={onPick}
      autoFocus={autoFocus}
    />
  );
}
