import { describe, expect, it } from "vitest";
import { checkMedication, type KnownAllergy, type MedicationWarning } from "./drug-checks.ts";
import { drugs } from "./drugs.ts";

const against = (
  drug: string,
  allergies: readonly (string | KnownAllergy)[],
  medications: readonly string[] = [],
) =>
  checkMedication(
    { drug },
    {
      allergies: allergies.map((one) => (typeof one === "string" ? { allergen: one } : one)),
      medications: medications.map((one) => ({ drug: one })),
    },
  );
const short = ({ kind, severity, parts }: MedicationWarning) => `${kind} ${severity} ${parts.shared}`;

describe("C13 drug and allergy", () => {
  it.each<[string, string | KnownAllergy, string[]]>([
    ["amoxicillin 500 mg", "amoxicillin", ["allergy high amoxicillin"]],
    ["Augmentin 875", "Amoxil", ["allergy high amoxicillin"]],
    ["amoxicillin", "penicillins", ["allergy high penicillins"]],
    ["AMOXICILLIN", "PCN allergy", ["allergy high penicillins"]],
    ["dicloxacillin", "amoxicillin", ["cross-reactivity moderate penicillins"]],
    ["ceftriaxone", "penicillin", ["cross-reactivity low cephalosporins"]],
    [
      "ceftriaxone",
      { allergen: "penicillin", severity: "severe" },
      ["cross-reactivity moderate cephalosporins"],
    ],
    ["Keflex", "ampicillin", ["cross-reactivity moderate cephalexin"]],
    ["ertapenem", "penicillin", ["cross-reactivity low carbapenems"]],
    ["Bactrim", "Sulfa drugs (rash)", ["allergy high sulfonamide antibiotics"]],
    ["sulfasalazine", "sulfa", ["cross-reactivity moderate sulfasalazine"]],
    ["Celebrex", "sulfa", ["cross-reactivity low celecoxib"]],
    ["hydrochlorothiazide", "sulfa", []],
    ["furosemide", "sulfa", []],
    ["Advil", "aspirin", ["cross-reactivity moderate NSAIDs"]],
    ["acetaminophen", "aspirin", []],
    [
      "losartan",
      { allergen: "Zestril", type: "allergy" },
      ["cross-reactivity low angiotensin receptor blockers"],
    ],
    ["losartan", { allergen: "lisinopril", type: "intolerance" }, []],
    ["enalapril", { allergen: "lisinopril", type: "intolerance" }, ["cross-reactivity low ACE inhibitors"]],
    ["lisinopril", { allergen: "lisinopril", type: "intolerance" }, ["allergy moderate lisinopril"]],
    ["Entresto", "benazepril", ["cross-reactivity high neprilysin inhibitors"]],
    ["oxycodone", "codeine", ["cross-reactivity moderate morphine-like opioids"]],
    ["fentanyl patch", "codeine", []],
    ["fentanyl patch", "opioids", ["allergy high opioids"]],
    ["fish oil", "fish", ["cross-reactivity low omega-3 fatty acids"]],
    ["timolol eye drops", "beta-blockers", ["allergy high beta-blockers"]],
    ["lisinopril", "peanut", []],
  ])("%s with %j", (drug, allergy, expected) => {
    expect(against(drug, [allergy]).warnings.map(short)).toEqual(expected);
  });

  it("warns of every drug given to somebody allergic to it", () => {
    for (const { name, ingredients } of drugs())
      for (const one of ingredients) {
        const { warnings } = against(name, [one]);
        expect(
          warnings.map(({ kind }) => kind),
          `${name} with ${one}`,
        ).toContain("allergy");
      }
  });
});

describe("C13 duplicates", () => {
  it.each<[string, string, string[]]>([
    ["Zestril 10 mg", "lisinopril 20 mg daily", ["duplicate-ingredient moderate lisinopril"]],
    ["Norco", "Tylenol", ["duplicate-ingredient moderate acetaminophen"]],
    ["naproxen", "ibuprofen", ["duplicate-class low NSAIDs"]],
    ["losartan", "lisinopril", ["duplicate-class low blockers of the renin-angiotensin system"]],
    ["Ozempic", "Januvia", ["duplicate-class low incretin drugs (GLP-1 and DPP-4)"]],
    ["apixaban", "warfarin", ["duplicate-class low anticoagulants"]],
    ["Flonase", "Flovent", []],
    ["insulin lispro", "Lantus", []],
    ["mesalamine", "ibuprofen", []],
    ["amlodipine", "lisinopril", []],
  ])("%s beside %s", (drug, other, expected) => {
    expect(against(drug, [], [other]).warnings.map(short)).toEqual(expected);
  });
});

describe("C13 what was not checked", () => {
  it("says that an unknown drug was not checked", () => {
    expect(against("Foozlimab 3 mg", ["penicillin"], ["lisinopril"])).toEqual({
      drugs: [],
      notChecked: [{ what: "drug", id: null, text: "Foozlimab 3 mg" }],
      warnings: [],
    });
  });

  it("says so too when only the class is known, and still warns by class", () => {
    const { notChecked, warnings } = against("birth control pill", ["norethindrone"], ["Yaz"]);
    expect(notChecked).toEqual([{ what: "drug", id: null, text: "birth control pill" }]);
    expect(warnings.map(short)).toEqual(["duplicate-class low hormonal contraceptives"]);
  });

  it("names the allergies and medications it could not read, with their ids", () => {
    const check = checkMedication(
      { drug: "lisinopril" },
      {
        allergies: [{ id: "a1", allergen: "the blue pill" }, { allergen: "shrimp" }],
        medications: [{ id: "m1", drug: "grandmother's tea" }],
      },
    );
    expect(check.notChecked).toEqual([
      { what: "allergy", id: "a1", text: "the blue pill" },
      { what: "medication", id: "m1", text: "grandmother's tea" },
    ]);
  });

  it("puts the gravest warning first and each finding once", () => {
    const { warnings } = against("Augmentin and amoxicillin", ["peanut", "amoxicillin"], ["ampicillin"]);
    expect(warnings.map(short)).toEqual(["allergy high amoxicillin", "duplicate-class low penicillins"]);
  });
});
