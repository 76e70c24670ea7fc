import { type Allergen, type AllergySeverity, allergensInText } from "./allergens.ts";
import { drugClasses, withWider } from "./drug-classes.ts";
import { drugsInText } from "./drug-names.ts";
import { classesOfDrug, type Drug } from "./drugs.ts";

/** An allergy or intolerance of the chart, as far as the check reads it. */
export interface KnownAllergy {
  readonly id?: string;
  /** An allergen's id or name, an ingredient, a brand, or free words. */
  readonly allergen: string;
  /** An intolerance (cough, nausea) says nothing about related drugs. */
  readonly type?: "allergy" | "intolerance";
  readonly severity?: AllergySeverity;
}

export interface KnownMedication {
  readonly id?: string;
  /** An ingredient, a brand or free words with doses. */
  readonly drug: string;
}

export type WarningKind = "allergy" | "cross-reactivity" | "duplicate-ingredient" | "duplicate-class";

export interface MedicationWarning {
  readonly kind: WarningKind;
  /** The entry of the chart it speaks of. */
  readonly against: { readonly id: string | null; readonly text: string };
  readonly severity: "high" | "moderate" | "low";
  /** What a sentence about it needs; the interface puts it into the person's language. */
  readonly parts: {
    /** The drug being entered, by its name in the table. */
    readonly drug: string;
    /** The ingredient or class both have in common, or the class the allergy reaches over to. */
    readonly shared: string;
    /** Why two classes are said to cross-react; null for the others. */
    readonly reason: CrossReason | null;
  };
}

export interface MedicationCheck {
  /** The drugs that were recognised in the text. Empty: nothing was checked, which is not "no warning". */
  readonly drugs: readonly string[];
  /**
   * What took no part in the check or, like "insulin", only by its class: word for word, to be shown beside the
   * warnings.
   */
  readonly notChecked: readonly {
    readonly what: "drug" | "allergy" | "medication";
    readonly id: string | null;
    readonly text: string;
  }[];
  /** The gravest first. */
  readonly warnings: readonly MedicationWarning[];
}

/**
 * Why an allergy to one class may reach another, with the words for practice staff. Rates are those of reviews as we
 * know them; the override reason is the clinician's.
 */
export const crossReasons = {
  "beta-lactam-ring": "They share the beta-lactam ring; about 2 in 100 people or fewer react to both.",
  "carbapenem-ring": "They share the beta-lactam ring; fewer than 1 in 100 people react to both.",
  "similar-side-chain":
    "Their side chains are alike; reactions to both are more common than in the rest of the class.",
  angioedema: "Both can cause angioedema; a few in 100 people who had it from one have it from the other.",
  "neprilysin-angioedema": "Must not be given to somebody who had angioedema from an ACE inhibitor or ARB.",
  "sulfonamide-label": "It has a sulfonamide group and its label warns; true cross-reactions are rare.",
  sulfapyridine: "The body turns it into a sulfonamide antibiotic.",
  salicylate: "The body turns it into a salicylate.",
  "made-from-food": "It is made from what the person is allergic to.",
  "same-class": "Drugs of this class often cross-react.",
} as const;
export type CrossReason = keyof typeof crossReasons;

interface CrossReaction {
  /** Class or ingredient the person is allergic to. */
  readonly from: string;
  /** Class or ingredient of the drug that is entered. */
  readonly to: string;
  readonly severity: MedicationWarning["severity"];
  readonly reason: CrossReason;
}

const cross = (
  from: readonly string[],
  to: readonly string[],
  severity: MedicationWarning["severity"],
  reason: CrossReason,
): CrossReaction[] => from.flatMap((one) => to.map((other) => ({ from: one, to: other, severity, reason })));

const aminoPenicillins = ["amoxicillin", "ampicillin"];
const aminoCephalosporins = ["cephalexin", "cefadroxil", "cefaclor", "cefprozil"];

/**
 * Cross-reactions between classes. Left out on purpose, since the evidence is against them: sulfonamide antibiotics with
 * thiazides, loop diuretics or sulfonylureas; shellfish or povidone-iodine with contrast; egg with influenza vaccine.
 */
export const crossReactions: readonly CrossReaction[] = [
  ...cross(aminoPenicillins, aminoCephalosporins, "moderate", "similar-side-chain"),
  ...cross(aminoCephalosporins, aminoPenicillins, "moderate", "similar-side-chain"),
  ...cross(["penicillin"], ["cephalosporin"], "low", "beta-lactam-ring"),
  ...cross(["cephalosporin"], ["penicillin"], "low", "beta-lactam-ring"),
  ...cross(["penicillin", "cephalosporin"], ["carbapenem"], "low", "carbapenem-ring"),
  ...cross(["carbapenem"], ["penicillin", "cephalosporin"], "low", "carbapenem-ring"),
  ...cross(["ace-inhibitor", "arb"], ["neprilysin-inhibitor"], "high", "neprilysin-angioedema"),
  ...cross(["ace-inhibitor"], ["arb", "aliskiren"], "low", "angioedema"),
  ...cross(["arb"], ["ace-inhibitor", "aliskiren"], "low", "angioedema"),
  ...cross(["sulfonamide-antibiotic"], ["sulfasalazine"], "moderate", "sulfapyridine"),
  ...cross(["sulfasalazine"], ["sulfonamide-antibiotic"], "moderate", "sulfapyridine"),
  ...cross(["salicylate"], ["aminosalicylate"], "moderate", "salicylate"),
  ...cross(["aminosalicylate"], ["salicylate"], "moderate", "salicylate"),
  ...cross(
    ["sulfonamide-antibiotic"],
    ["celecoxib", "zonisamide", "acetazolamide", "dorzolamide"],
    "low",
    "sulfonamide-label",
  ),
];

/** What an entry of the allergy list reaches. */
interface Reach {
  readonly known: boolean;
  readonly ingredients: ReadonlySet<string>;
  /** Ingredients made from a food the person is allergic to. */
  readonly fromFood: ReadonlySet<string>;
  /** Classes the allergy was entered for as a whole. */
  readonly named: ReadonlySet<string>;
  /** Those, and the classes of the drugs it names. */
  readonly classes: ReadonlySet<string>;
}

function reachOf(text: string): Reach {
  const named = allergensInText(text);
  const found = drugsInText(text);
  const isFood = ({ kind }: Allergen) => kind === "food";
  const ingredientsOf = (allergens: readonly Allergen[]) =>
    allergens.flatMap(({ ingredients }) => ingredients);
  const classes = named.flatMap((one) => one.classes);
  return {
    known: named.length > 0 || found.length > 0,
    ingredients: new Set([
      ...found.flatMap(({ ingredients }) => ingredients),
      ...ingredientsOf(named.filter((one) => !isFood(one))),
    ]),
    fromFood: new Set(ingredientsOf(named.filter(isFood))),
    named: new Set(classes),
    classes: withWider([...classes, ...found.flatMap((drug) => drug.classes)]),
  };
}

const nameOfClass = (id: string) => drugClasses().get(id)?.name ?? id;

function allergyWarning(drug: Drug, allergy: KnownAllergy): MedicationWarning | null {
  const reach = reachOf(allergy.allergen);
  const classes = classesOfDrug(drug);
  const warn = (
    kind: WarningKind,
    severity: MedicationWarning["severity"],
    shared: string,
    reason: CrossReason | null = null,
  ): MedicationWarning => ({
    kind,
    against: { id: allergy.id ?? null, text: allergy.allergen },
    severity,
    parts: { drug: drug.name, shared, reason },
  });
  const intolerance = allergy.type === "intolerance";
  const direct = intolerance && allergy.severity !== "severe" ? "moderate" : "high";

  const ingredient = drug.ingredients.find((one) => reach.ingredients.has(one));
  if (ingredient) return warn("allergy", direct, ingredient);
  const named = [...reach.named].find((one) => classes.has(one));
  if (named) return warn("allergy", direct, nameOfClass(named));

  const raised = (severity: MedicationWarning["severity"]) => {
    if (allergy.severity !== "severe") return severity;
    return severity === "low" ? "moderate" : "high";
  };
  const sameClass = [...reach.classes].find((one) => classes.has(one) && drugClasses().get(one)?.crossReacts);
  if (sameClass)
    return warn(
      "cross-reactivity",
      intolerance ? "low" : raised("moderate"),
      nameOfClass(sameClass),
      "same-class",
    );
  if (intolerance) return null;
  const food = drug.ingredients.find((one) => reach.fromFood.has(one));
  if (food) return warn("cross-reactivity", raised("low"), food, "made-from-food");
  const across = crossReactions.find(
    ({ from, to }) =>
      (reach.classes.has(from) || reach.ingredients.has(from)) &&
      (classes.has(to) || drug.ingredients.includes(to)),
  );
  return across
    ? warn(
        "cross-reactivity",
        raised(across.severity),
        drugClasses().has(across.to) ? nameOfClass(across.to) : across.to,
        across.reason,
      )
    : null;
}

function duplicateWarning(drug: Drug, current: Drug, medication: KnownMedication): MedicationWarning | null {
  if (drug.route !== current.route) return null;
  const against = { id: medication.id ?? null, text: medication.drug };
  const parts = (shared: string) => ({ drug: drug.name, shared, reason: null });
  const ingredient = drug.ingredients.find((one) => current.ingredients.includes(one));
  if (ingredient)
    return { kind: "duplicate-ingredient", against, severity: "moderate", parts: parts(ingredient) };
  const theirs = classesOfDrug(current);
  const shared = [...classesOfDrug(drug)].find(
    (one) => theirs.has(one) && drugClasses().get(one)?.duplicates,
  );
  return shared
    ? { kind: "duplicate-class", against, severity: "low", parts: parts(nameOfClass(shared)) }
    : null;
}

const gravity = { high: 0, moderate: 1, low: 2 } as const;
const present = <T>(value: T | null): value is T => value !== null;

/** Whether the text said which drugs it means: none at all, or "insulin", is not enough for a full check. */
const readable = (found: readonly Drug[]) => found.length > 0 && found.every(({ exact }) => exact);

/** The same finding once, however many drugs of the text raise it. */
const onlyOnce = (warnings: readonly MedicationWarning[]): MedicationWarning[] => [
  ...new Map(
    warnings.map((one) => [JSON.stringify([one.kind, one.against, one.parts.shared]), one]),
  ).values(),
];

/**
 * C13: warns of a drug being entered against the chart's allergies and current medications: the same ingredient or class
 * as an allergy, a class known to cross-react, the same ingredient or a class of which two are seldom meant.
 *
 * A small curated table, for checks at entry: see `drugs.ts` for its source and limits. No warning never means that a
 * drug is safe, and what could not be read is listed in `notChecked` and shown. A medication that is being changed must
 * not be among `medications`, or it is found to duplicate itself.
 */
export function checkMedication(
  entered: { readonly drug: string },
  chart: { readonly allergies: readonly KnownAllergy[]; readonly medications: readonly KnownMedication[] },
): MedicationCheck {
  const found = drugsInText(entered.drug);
  const notChecked: MedicationCheck["notChecked"][number][] = [];
  if (!readable(found)) notChecked.push({ what: "drug", id: null, text: entered.drug });
  for (const { id, allergen } of chart.allergies)
    if (!reachOf(allergen).known) notChecked.push({ what: "allergy", id: id ?? null, text: allergen });
  const current = chart.medications.map((medication) => {
    const drugs = drugsInText(medication.drug);
    if (!readable(drugs))
      notChecked.push({ what: "medication", id: medication.id ?? null, text: medication.drug });
    return { medication, drugs };
  });
  const warnings = found.flatMap((drug) => [
    ...chart.allergies.map((allergy) => allergyWarning(drug, allergy)),
    ...current.flatMap(({ medication, drugs }) =>
      drugs.map((other) => duplicateWarning(drug, other, medication)),
    ),
  ]);
  return {
    drugs: found.map(({ name }) => name),
    notChecked,
    warnings: onlyOnce(warnings.filter(present)).sort((a, b) => gravity[a.severity] - gravity[b.severity]),
  };
}
