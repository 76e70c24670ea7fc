import { useLingui } from "@lingui/react";
import { folded } from "#domain/kernel/fold.ts";
import { mergeLinksOf, type Patient, patientName, survivorOf } from "#domain/patient/index.ts";
import { SearchField } from "#pwa/design/search-field.tsx";
import { birthDateText } from "#pwa/language/language.ts";
import { useRows, useSamePerson } from "#pwa/local/index.ts";

interface PatientSearchProps {
  readonly label: string;
  readonly onPick: (patient: Patient) => void;
  readonly except?: string;
  readonly autoFocus?: boolean;
}

/** A patient by any part of the name, the birth date or the record number, with both identifiers in every answer (C04). */
export function PatientSearch({ label, onPick, except, autoFocus = false }: PatientSearchProps) {
  const { i18n } = useLingui();
  const { rows } = useRows("patient", { where: { active: true } });
  const samePerson = useSamePerson();
  const search = (text: string) => {
    const words = folded(text).split(/\s+/);
    const links = mergeLinksOf(rows);
    const byId = new Map(rows.map((one) => [one.id, one]));
    const found = new Map<string, Patient>();
    for (const record of rows) {
      const about = folded(
        `${patientName(record)} ${record.birthDate} ${birthDateText(record.birthDate)} ${record.recordNumber ?? ""}`,
      );
      // A merged record's name leads to its survivor.
      const one = words.every((word) => about.includes(word)) && byId.get(survivorOf(links, record.id));
      if (one && !(except && samePerson(one.id, except))) found.set(one.id, one);
    }
    return [...found.values()].slice(0, 7);
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
