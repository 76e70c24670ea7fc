import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { useMemo } from "react";
import { type Drug, drugs } from "#domain/code-set/index.ts";
import type { Medication } from "#domain/medication/index.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalText } from "#pwa/design/clinical-text.ts";

export type Dosage = Pick<Medication, "dose" | "route" | "frequency" | "instructions">;

interface DosageFieldsProps {
  readonly drug: string | null;
  readonly dosage: Dosage;
  readonly onChange: (dosage: Dosage) => void;
}

const routes = ["by mouth", "on the skin", "inhaled", "injection", "in the eye", "in the nose"];

/** Dose, route and frequency: the usual ones to tap, and always one's own words. */
export function DosageFields({ drug, dosage, onChange }: DosageFieldsProps) {
  const { i18n } = useLingui();
  const known = useMemo(() => drugs().find(({ name }) => name === drug), [drug]);
  const set = (change: Partial<Dosage>) => onChange({ ...dosage, ...change });
  const doses = known ? dosesOf(known) : [];
  const frequencies = known?.frequencies.length
    ? known.frequencies
    : ["once daily", "twice daily", "three times daily", "as needed"];
  const chips = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <>
      <div>
        {doses.length > 0 && (
          <Choices
            label={i18n._("Usual doses")}
            hideLabel
            options={chips(doses)}
            value={[dosage.dose]}
            onChange={([dose]) => set({ dose: dose ?? "" })}
          />
        )}
        <TextInput
          mt={doses.length > 0 ? "xs" : 0}
          label={i18n._("Dose")}
          placeholder={i18n._("10 mg")}
          maxLength={60}
          value={dosage.dose}
          onChange={(event) => set({ dose: event.currentTarget.value })}
          {...clinicalText}
          autoCapitalize="off"
        />
      </div>
      <div>
        <Choices
          label={i18n._("Usual frequencies")}
          hideLabel
          options={chips(frequencies)}
          value={[dosage.frequency]}
          onChange={([frequency]) => set({ frequency: frequency ?? "" })}
        />
        <TextInput
          mt="xs"
          label={i18n._("How often")}
          placeholder={i18n._("once daily")}
          maxLength={80}
          value={dosage.frequency}
          onChange={(event) => set({ frequency: event.currentTarget.value })}
          {...clinicalText}
          autoCapitalize="off"
        />
      </div>
      <Choices
        label={i18n._("Route")}
        options={chips(dosage.route && !routes.includes(dosage.route) ? [dosage.route, ...routes] : routes)}
        value={[dosage.route]}
        onChange={([route]) => set({ route: route ?? "" })}
      />
      <TextInput
        label={i18n._("Instructions")}
        placeholder={i18n._("with food, at bedtime …")}
        maxLength={300}
        value={dosage.instructions}
        onChange={(event) => set({ instructions: event.currentTarget.value })}
        {...clinicalText}
      />
    </>
  );
}

/** Every strength of every form, once, as few as can be read at a glance. */
const dosesOf = ({ forms }: Drug): string[] =>
  [...new Set(forms.flatMap(({ strengths }) => strengths))].slice(0, 8);

/** Where a drug of this table usually goes. */
export function usualRoute(drug: Drug): string {
  const form = drug.forms[0]?.form ?? "";
  if (/injection/.test(form)) return "injection";
  if (/inhaler|nebulizer/.test(form)) return "inhaled";
  if (drug.route === "body") return /patch|cream|gel|lotion|ointment/.test(form) ? "on the skin" : "by mouth";
  return {
    skin: "on the skin",
    eye: "in the eye",
    ear: "in the ear",
    nose: "in the nose",
    vagina: "vaginal",
  }[drug.route];
}
