import { useLingui } from "@lingui/react";
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Allergy } from "#domain/allergy/index.ts";
import { type AllergenChoice, allergens, reactions, searchAllergens } from "#domain/code-set/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Picked } from "#pwa/design/picked.tsx";
import { SearchField } from "#pwa/design/search-field.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useOpenEncounter } from "#pwa/encounter/index.ts";
import { mutate } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { severityText } from "./allergy-words.ts";

interface AllergyFormProps {
  readonly patientId: string;
  readonly allergy?: Allergy;
  readonly onClose: () => void;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const titleOf = (choice: AllergenChoice) =>
  choice.type === "allergen" ? choice.allergen.name : capital(choice.ingredient);
const usual: readonly AllergenChoice[] = allergens()
  .filter(({ id }) => ["penicillins", "sulfonamide-antibiotics", "latex", "peanut"].includes(id))
  .map((allergen) => ({ type: "allergen", allergen }));

const usualReactions: readonly string[] = [
  "rash",
  "hives",
  "itching",
  "swelling",
  "anaphylaxis",
  "breathing",
  "cough",
  "nausea",
];

/** What somebody reacts to, how, and how badly. */
export function AllergyForm({ patientId, allergy, onClose }: AllergyFormProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const saving = useSaving();
  const encounterId = useOpenEncounter(patientId);
  const kept = useKeptForm({ form: "allergy", patientId, of: allergy?.id });
  const close = kept.closing(onClose);
  const [picked, setPicked] = useKept<Pick<Allergy, "substance" | "allergen"> | null>(
    kept,
    "picked",
    allergy ?? null,
  );
  const [reacted, setReacted] = useKept<string[]>(kept, "reactions", [...(allergy?.reactions ?? [])]);
  const [severity, setSeverity] = useKept<Allergy["severity"]>(
    kept,
    "severity",
    allergy?.severity ?? "unknown",
  );
  const [more, setMore] = useState(false);
  const [note, setNote] = useKept(kept, "note", allergy?.note ?? "");
  const react = (chosen: string[]) => {
    setReacted(chosen);
    const grave = reactions.some(
      ({ name, severe }) => severe && chosen.includes(name) && !reacted.includes(name),
    );
    if (grave) setSeverity("severe");
  };
  const save = () =>
    saving.save(async () => {
      if (!picked) return;
      const words = { reactions: reacted, severity, note: note.trim() };
      if (allergy)
        await mutate("allergy.correct", { id: allergy.id, patientId, seen: allergy.lastChange.id, ...words });
      else {
        const id = newId();
        await mutate("allergy.add", { id, patientId, encounterId, ...picked, ...words });
        say(
          i18n._("{substance} added", { substance: picked.substance }),
          may("allergy:end")
            ? () => mutate("allergy.enterInError", { id, patientId, statusReason: "Taken back at once" })
            : null,
        );
      }
      close();
    });
  return (
    <PatientSheet
      patientId={patientId}
      title={allergy ? i18n._("Correct allergy") : i18n._("Add allergy")}
      onClose={close}
    >
      <SheetForm
        saving={saving}
        label={allergy ? i18n._("Save correction") : i18n._("Add allergy")}
        kept={kept}
        onCancel={close}
        onSave={() => void save()}
        missing={picked ? null : i18n._("Choose what it is first")}
      >
        {picked ? (
          <Picked
            title={picked.substance}
            {...(picked.allergen
              ? {}
              : { detail: i18n._("In your own words: no medication is checked against it.") })}
            {...(allergy ? {} : { onChange: () => setPicked(null) })}
          />
        ) : (
          <SearchField<AllergenChoice>
            kept={kept}
            label={i18n._("Allergic to")}
            placeholder={i18n._("penicillin, sulfa, shellfish, latex …")}
            usual={usual}
            search={(text) => searchAllergens(text, 7)}
            describe={(choice) => ({
              key: `${choice.type} ${titleOf(choice)}`,
              title: titleOf(choice),
              detail: choice.type === "ingredient" ? i18n._("drug") : kindText(i18n, choice.allergen.kind),
            })}
            onPick={(choice) =>
              setPicked({
                substance: titleOf(choice),
                allergen: choice.type === "allergen" ? choice.allergen.id : choice.ingredient.slice(0, 60),
              })
            }
            onWords={(substance) => setPicked({ substance: substance.slice(0, 120), allergen: null })}
            autoFocus
          />
        )}
        {picked && (
          <>
            <Choices
              label={i18n._("Reaction")}
              several
              options={reactions
                .filter(({ id, name }) => more || usualReactions.includes(id) || reacted.includes(name))
                .map(({ name, severe }) => ({
                  value: name as string,
                  label: name,
                  ...(severe ? { tone: "bad" as const } : {}),
                }))}
              value={reacted}
              onChange={react}
            />
            {!more && (
              <Button variant="subtle" style={{ alignSelf: "flex-start" }} onClick={() => setMore(true)}>
                {i18n._("More reactions")}
              </Button>
            )}
            <Choices
              label={i18n._("How bad was the worst reaction?")}
              options={(["mild", "moderate", "severe", "unknown"] as const).map((value) => ({
                value,
                label: severityText(i18n, value),
                ...(value === "severe" ? { tone: "bad" as const } : {}),
              }))}
              value={[severity]}
              onChange={([value]) => setSeverity(value ?? "unknown")}
            />
            <Textarea
              label={i18n._("Note")}
              size="md"
              rows={2}
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
              {...clinicalText}
            />
          </>
        )}
      </SheetForm>
    </PatientSheet>
  );
}

const kindText = (i18n: ReturnType<typeof useLingui>["i18n"], kind: string): string =>
  ({
    "drug-class": i18n._("drug class"),
    food: i18n._("food"),
    environment: i18n._("environment"),
    other: i18n._("other"),
  })[kind] ?? "";
