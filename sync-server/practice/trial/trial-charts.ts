import type { Alert } from "#domain/alert/index.ts";
import type { Allergy } from "#domain/allergy/index.ts";
import type { ChartList, Fact } from "#domain/chart/index.ts";
import { allergens, checkMedication, problemCodes, vaccine } from "#domain/code-set/index.ts";
import type { Immunization } from "#domain/immunization/index.ts";
import { addDays, ageOn, instantIn } from "#domain/kernel/instant.ts";
import type { Medication } from "#domain/medication/index.ts";
import { type NoneKnown, noneKnownIdOf } from "#domain/none-known/index.ts";
import type { Patient } from "#domain/patient/index.ts";
import type { Problem } from "#domain/problem/index.ts";
import type { Vitals } from "#domain/vitals/index.ts";
import { type TrialCondition, trialConditions } from "./trial-conditions.ts";
import { fixedIndex, trialId } from "./trial-patients.ts";
import { type TrialRandom, trialRandom } from "./trial-random.ts";
import { trialVitals } from "./trial-vitals.ts";

/** Everything that a trial patient's chart holds besides notes. */
export interface TrialChart {
  readonly problems: Problem[];
  readonly allergies: Allergy[];
  readonly medications: Medication[];
  readonly immunizations: Immunization[];
  readonly vitals: Vitals[];
  readonly alerts: Alert[];
  readonly noneKnown: NoneKnown[];
}

/** The practice's day and people, as far as charts need them. */
export interface TrialSetting {
  readonly seed: number;
  readonly today: string;
  readonly zone: string;
  readonly clinicianIds: readonly string[];
  readonly nurseIds: readonly string[];
}

/** What is written about one patient, by whom and when; ids follow from the patient's place and the words. */
export class Scribe {
  readonly index: number;
  readonly patient: Omit<Patient, "recordNumber">;
  readonly setting: TrialSetting;
  readonly random: TrialRandom;

  constructor(index: number, patient: Omit<Patient, "recordNumber">, setting: TrialSetting) {
    this.index = index;
    this.patient = patient;
    this.setting = setting;
    this.random = trialRandom(setting.seed * 1_000_003 + index);
  }

  /** The clinician who looks after this patient. */
  get clinicianId(): string {
    return this.setting.clinicianIds[this.index % this.setting.clinicianIds.length]!;
  }

  get nurseId(): string {
    return this.setting.nurseIds[this.index % this.setting.nurseIds.length]!;
  }

  at(date: string, time = "10:20"): string {
    return instantIn(this.setting.zone, date, time);
  }

  /** A day some time before today, and never before birth. */
  dayBefore(atLeast: number, atMost: number): string {
    const day = addDays(this.setting.today, -(atLeast + this.random.below(atMost - atLeast + 1)));
    return day < this.patient.birthDate ? this.patient.birthDate : day;
  }

  fact(kind: string, name: string, date: string, by = this.clinicianId, time?: string): Fact {
    const id = trialId(kind, `${this.index} ${name}`);
    const recordedAt = this.at(date, time);
    return {
      id,
      patientId: this.patient.id,
      encounterId: null,
      verification: by === this.nurseId ? "reported" : "confirmed",
      recordedBy: by,
      recordedAt,
      lastChange: { id: trialId("change", id), by, at: recordedAt },
    };
  }
}

export function trialChart(scribe: Scribe): TrialChart {
  const conditions = conditionsOf(scribe);
  const problems = conditions.map((condition) => problem(scribe, condition));
  const medications = conditions.flatMap((condition) => medication(scribe, condition));
  if (scribe.index === fixedIndex.ana) medications.push(stoppedLisinopril(scribe));
  const allergies = allergiesOf(scribe).filter((entry) => !warns(entry, medications));
  const noneKnown: NoneKnown[] = [];
  const asked = scribe.index !== fixedIndex.neverAsked;
  const none = (list: ChartList, standing: number, share: number) => {
    if (standing > 0 || !asked) return;
    if (scribe.index !== fixedIndex.noneKnown && !scribe.random.chance(share)) return;
    const at = scribe.at(scribe.dayBefore(20, 500));
    const patientId = scribe.patient.id;
    noneKnown.push({
      id: noneKnownIdOf(patientId, list),
      patientId,
      list,
      by: scribe.clinicianId,
      at,
      retiredAt: null,
    });
  };
  none("allergies", allergies.length, 0.8);
  none("medications", medications.filter(({ status }) => status === "active").length, 0.85);
  none("problems", problems.length, 0.7);
  return {
    problems,
    allergies,
    medications,
    immunizations: immunizationsOf(scribe),
    vitals: trialVitals(scribe, conditions),
    alerts: alertsOf(scribe),
    noneKnown,
  };
}

/** Whether the patient takes something that they would react to; a weak likeness of two drugs is no reason. */
const warns = ({ allergen }: Allergy, medications: readonly Medication[]): boolean =>
  medications.some(
    ({ name, status }) =>
      status === "active" &&
      checkMedication(
        { drug: name },
        { allergies: [{ allergen: allergen! }], medications: [] },
      ).warnings.some(({ severity }) => severity !== "low"),
  );

const plain: readonly number[] = [fixedIndex.newborn, fixedIndex.noneKnown, fixedIndex.neverAsked];

/** Conditions that fit age and sex. Ana always has blood pressure, diabetes and cholesterol. */
function conditionsOf({ index, patient, setting, random }: Scribe): TrialCondition[] {
  const age = ageOn(patient.birthDate, setting.today);
  const fits = trialConditions.filter(
    ({ ages: [from, to], sex }) => age >= from && age <= to && (!sex || sex === patient.sex),
  );
  if (index === fixedIndex.ana) return fits.filter(({ code }) => ["I10", "E11.9", "E78.5"].includes(code));
  if (plain.includes(index)) return [];
  return fits.filter(({ share }) => random.chance(share)).slice(0, 6);
}

const titles = new Map<string, string>();
function titleOf(code: string): string {
  if (titles.size === 0) for (const one of problemCodes()) titles.set(one.code, one.title);
  return titles.get(code)!;
}

function problem(scribe: Scribe, { code }: TrialCondition): Problem {
  const date = scribe.dayBefore(60, 1500);
  return {
    ...scribe.fact("problem", code, date),
    duplicateOf: null,
    code,
    title: titleOf(code),
    onset: date,
    status: "active",
    resolvedOn: null,
    note: "",
  };
}

function medication(scribe: Scribe, condition: TrialCondition): Medication[] {
  // Ana's lisinopril made her cough; she takes losartan since.
  const choices = scribe.index === fixedIndex.ana ? condition.medications.slice(0, 1) : condition.medications;
  if (choices.length === 0) return [];
  const { drug, dose, frequency, route } = scribe.random.pick(choices);
  const date = scribe.dayBefore(30, 900);
  return [
    {
      ...scribe.fact("medication", `${condition.code} ${drug}`, date),
      duplicateOf: null,
      drug,
      name: drug,
      dose,
      route,
      frequency,
      instructions: "",
      status: "active",
      startedOn: date,
      stoppedOn: null,
      stopReason: "",
      overrideReason: "",
      pending: [],
      note: "",
    },
  ];
}

function stoppedLisinopril(scribe: Scribe): Medication {
  const started = addDays(scribe.setting.today, -420);
  return {
    ...scribe.fact("medication", "lisinopril", started),
    duplicateOf: null,
    drug: "lisinopril",
    name: "lisinopril",
    dose: "10 mg",
    route: "by mouth",
    frequency: "once daily",
    instructions: "",
    status: "stopped",
    startedOn: started,
    stoppedOn: addDays(scribe.setting.today, -330),
    stopReason: "Dry cough",
    overrideReason: "",
    pending: [],
    note: "",
  };
}

const commonAllergens = [
  ["penicillins", ["Rash"], "moderate"],
  ["sulfonamide-antibiotics", ["Hives"], "moderate"],
  ["peanut", ["Anaphylaxis"], "severe"],
  ["shellfish", ["Hives", "Vomiting"], "moderate"],
  ["nsaids", ["Wheezing"], "severe"],
  ["cephalosporins", ["Rash"], "mild"],
  ["egg", ["Hives"], "mild"],
] as const;

/** Four in ten have an allergy, unless they take what they would react to; Ana's ACE inhibitor cough is one. Nobody takes what they are allergic to. */
function allergiesOf(scribe: Scribe): Allergy[] {
  const { index, random } = scribe;
  const entry = (
    id: string,
    reactions: readonly string[],
    severity: Allergy["severity"],
    by?: string,
  ): Allergy => ({
    ...scribe.fact("allergy", id, scribe.dayBefore(40, 1200), by),
    duplicateOf: null,
    allergen: id,
    substance: allergens().find((one) => one.id === id)!.name,
    reactions: [...reactions],
    severity,
    status: "active",
    statusReason: "",
    note: "",
  });
  if (index === fixedIndex.ana) return [entry("ace-inhibitors", ["Cough"], "mild")];
  if (plain.includes(index) || !random.chance(0.42)) return [];
  const [id, reactions, severity] = random.pick(commonAllergens);
  return [entry(id, reactions, severity, random.chance(0.25) ? scribe.nurseId : undefined)];
}

/** [CVX, ages in years at which it is given] */
const childhood: readonly (readonly [string, readonly number[]])[] = [
  ["08", [0, 0.17, 0.5]],
  ["20", [0.17, 0.33, 0.5, 1.3, 4.2]],
  ["10", [0.17, 0.33, 0.5, 4.2]],
  ["48", [0.17, 0.33, 1.1]],
  ["03", [1.1, 4.2]],
  ["21", [1.1, 4.2]],
  ["83", [1.2, 1.8]],
  ["115", [11.3]],
  ["165", [11.4, 12]],
];
const adult: readonly (readonly [string, readonly number[]])[] = [
  ["115", [28, 38, 48, 58, 68, 78]],
  ["187", [51, 51.4]],
  ["216", [66]],
];

function immunizationsOf(scribe: Scribe): Immunization[] {
  const { patient, setting, random } = scribe;
  const given = (cvx: string, date: string, source: Immunization["source"]): Immunization => ({
    ...scribe.fact("immunization", `${cvx} ${date}`, date, scribe.clinicianId),
    cvx,
    vaccine: vaccine(cvx)!.name,
    givenOn: date,
    source,
    lot: "",
    site: "",
    status: "completed",
    note: "",
  });
  const age = ageOn(patient.birthDate, setting.today);
  const planned = age < 18 ? childhood : adult;
  const doses = planned.flatMap(([cvx, ages]) =>
    ages
      .map((years) => addDays(patient.birthDate, Math.floor(years * 365.25) + random.below(20)))
      .filter((date) => date < setting.today && random.chance(0.85))
      .map((date) => given(cvx, date, age < 18 ? "given-here" : "record")),
  );
  const lastAutumn = `${Number(setting.today.slice(0, 4)) - (setting.today.slice(5) > "10-20" ? 0 : 1)}-10-0${1 + random.below(9)}`;
  if (lastAutumn > patient.birthDate && age >= 1 && random.chance(0.55))
    doses.push(given("140", lastAutumn, "given-here"));
  return doses;
}

function alertsOf(scribe: Scribe): Alert[] {
  const { patient, setting, random } = scribe;
  const age = ageOn(patient.birthDate, setting.today);
  const alert = (kind: Alert["kind"], text: string): Alert => ({
    ...scribe.fact("alert", text, scribe.dayBefore(30, 400)),
    kind,
    text,
    active: true,
  });
  const alerts: Alert[] = [];
  if (age >= 80 && random.chance(0.35)) alerts.push(alert("safety", "Risk of falls"));
  if (age >= 85 && random.chance(0.4)) alerts.push(alert("code-status", "Do not resuscitate; form on file"));
  if (random.chance(0.03)) alerts.push(alert("communication", "Hard of hearing: speak to the right side"));
  return alerts;
}
