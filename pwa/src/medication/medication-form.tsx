import { useLingui } from "@lingui/react";
import { Textarea, TextInput } from "@mantine/core";
import { type Drug, drugs, searchDrugs } from "#domain/code-set/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import type { Medication } from "#domain/medication/index.ts";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Picked } from "#pwa/design/picked.tsx";
import { SearchField } from "#pwa/design/search-field.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useOpenEncounter } from "#pwa/encounter/index.ts";
import { mutate, useSession } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { DosageFields, usualRoute } from "./dosage-fields.tsx";
import { MedicationChecks, useMedicationCheck } from "./medication-checks.tsx";

interface MedicationFormProps {
  readonly patientId: string;
  /** The entry whose dose is changed; absent for a new one. */
  readonly medication?: Medication;
  readonly onClose: () => void;
}

const empty = { dose: "", route: "", frequency: "", instructions: "" };

/** A drug, how it is taken, and what the chart says against it. */
export function MedicationForm({ patientId, medication, onClose }: MedicationFormProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const saving = useSaving();
  const encounterId = useOpenEncounter(patientId);
  const kept = useKeptForm({ form: "medication", patientId, of: medication?.id });
  const close = kept.closing(onClose);
  const [picked, setPicked] = useKept<Pick<Medication, "name" | "drug"> | null>(
    kept,
    "picked",
    medication ?? null,
  );
  const [dosage, setDosage] = useKept(
    kept,
    "dosage",
    medication
      ? {
          dose: medication.dose,
          route: medication.route,
          frequency: medication.frequency,
          instructions: medication.instructions,
        }
      : empty,
  );
  const [startedOn, setStartedOn] = useKept(kept, "startedOn", "");
  const [overrideReason, setOverrideReason] = useKept(kept, "overrideReason", "");
  const check = useMedicationCheck(patientId, picked ? (picked.drug ?? picked.name) : "", medication?.id);
  const warned = !medication && (check?.warnings.some(({ severity }) => severity !== "low") ?? false);
  const missing = !picked
    ? i18n._("Choose a medication first")
    : warned && overrideReason.trim().length < 3
      ? i18n._("Say why it is given in spite of the warning")
      : null;
  const pick = (drug: Drug) => {
    setPicked({ name: drug.name, drug: drug.name.slice(0, 80) });
    setDosage({ ...empty, route: usualRoute(drug), frequency: drug.frequencies[0] ?? "" });
  };
  const save = () =>
    saving.save(async () => {
      if (!picked) return;
      if (medication)
        await mutate("medication.changeDose", {
          id: medication.id,
          patientId,
          seen: medication.lastChange.id,
          ...dosage,
        });
      else {
        const id = newId();
        await mutate("medication.add", {
          id,
          patientId,
          encounterId,
          name: picked.name,
          drug: picked.drug,
          ...dosage,
          startedOn: startedOn || null,
          overrideReason: warned ? overrideReason.trim() : "",
        });
        say(i18n._("{name} added", { name: picked.name }), () =>
          mutate("medication.enterInError", { id, patientId }),
        );
      }
      close();
    });
  return (
    <PatientSheet
      patientId={patientId}
      title={medication ? i18n._("Change dose") : i18n._("Add medication")}
      onClose={close}
    >
      <SheetForm
        saving={saving}
        label={medication ? i18n._("Change dose") : i18n._("Add medication")}
        kept={kept}
        onCancel={close}
        onSave={() => void save()}
        missing={missing}
      >
        {picked ? (
          <Picked
            title={picked.name}
            {...(picked.drug ? { detail: brandsOf(picked.drug) } : { detail: i18n._("In your own words") })}
            {...(medication ? {} : { onChange: () => setPicked(null) })}
          />
        ) : (
          <SearchField<Drug>
            kept={kept}
            label={i18n._("Medication")}
            placeholder={i18n._("lisinopril, Advil, insulin …")}
            search={(text) => searchDrugs(text, 7)}
            describe={(drug) => ({
              key: drug.name,
              title: drug.name,
              detail: drug.brands.slice(0, 2).join(", "),
            })}
            onPick={pick}
            onWords={(name) => {
              setPicked({ name: name.slice(0, 120), drug: null });
              setDosage(empty);
            }}
            autoFocus
          />
        )}
        {picked && check && <MedicationChecks patientId={patientId} check={check} />}
        {warned && (
          <Textarea
            label={i18n._("Given all the same, because")}
            size="md"
            rows={2}
            maxLength={500}
            value={overrideReason}
            onChange={(event) => setOverrideReason(event.currentTarget.value)}
            {...clinicalText}
          />
        )}
        {picked && <DosageFields drug={picked.drug} dosage={dosage} onChange={setDosage} />}
        {picked && !medication && (
          <TextInput
            type="date"
            label={i18n._("Taken since (if known)")}
            max={dateIn(practice?.zone ?? "UTC")}
            value={startedOn}
            onChange={(event) => setStartedOn(event.currentTarget.value)}
          />
        )}
      </SheetForm>
    </PatientSheet>
  );
}

const brandsOf = (name: string): string =>
  drugs()
    .find((drug) => drug.name === name)
    ?.brands.slice(0, 3)
    .join(", ") ?? "";
