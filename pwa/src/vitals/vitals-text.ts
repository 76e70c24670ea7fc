import type { I18n } from "@lingui/core";
import { bmiOf, judgeVital, type Person, type Verdict, vitalCodes, vitalIn } from "#domain/code-set/index.ts";
import { dateIn, daysBetween } from "#domain/kernel/instant.ts";
import type { Patient } from "#domain/patient/index.ts";
import type { Vitals } from "#domain/vitals/index.ts";
import { type Units, unitText } from "./units.ts";
import { fieldOrder, unitOf, type VitalKey, vitalName } from "./vital-fields.ts";

/** The patient as the limits ask for one, at the moment of a measurement. */
export const personAt = (
  patient: Pick<Patient, "birthDate" | "sex"> | undefined,
  takenAt: string,
  zone: string,
): Person =>
  patient
    ? { ageDays: Math.max(0, daysBetween(patient.birthDate, dateIn(zone, takenAt))), sex: patient.sex }
    : { ageDays: null };

export interface ShownVital {
  readonly key: VitalKey | "pressure";
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly verdict: Verdict;
}

const worse = (a: Verdict, b: Verdict): Verdict => (a === "ok" ? b : a);

/** A measured value as it is read, to one decimal. */
export const valueText = (
  { code, value }: Pick<Vitals["measurements"][number], "code" | "value">,
  unit: string,
): string => String(Math.round((vitalIn(code, value, unit) ?? value) * 10) / 10);

/** What a set says, in the device's units; both blood pressures are one value, the body mass index is computed. */
export function shownVitals(
  i18n: I18n,
  set: Pick<Vitals, "measurements">,
  person: Person,
  units: Units,
  lastHeight: number | null = null,
): ShownVital[] {
  const measured = (key: VitalKey) => set.measurements.find(({ code }) => code === vitalCodes[key]);
  const one = (key: VitalKey): ShownVital | null => {
    const found = measured(key);
    if (!found) return null;
    const unit = unitOf(key, units);
    return {
      key,
      name: vitalName(i18n, key),
      value: valueText(found, unit),
      unit: unitText(unit),
      verdict: judgeVital({ ...found, ...person }).verdict,
    };
  };
  const [systolic, diastolic] = [one("systolic"), one("diastolic")];
  const shown: ShownVital[] = [];
  if (systolic || diastolic)
    shown.push({
      key: "pressure",
      name: i18n._("Blood pressure"),
      value: `${systolic?.value ?? "–"}/${diastolic?.value ?? "–"}`,
      unit: "mmHg",
      verdict: worse(systolic?.verdict ?? "ok", diastolic?.verdict ?? "ok"),
    });
  for (const key of fieldOrder.slice(2)) {
    const found = one(key);
    if (found) shown.push(found);
  }
  const bmi = bmiOf(set.measurements, lastHeight);
  if (bmi !== null)
    shown.push({
      key: "bmi",
      name: vitalName(i18n, "bmi"),
      value: String(bmi),
      unit: unitText("kg/m2"),
      verdict: judgeVital({ code: vitalCodes.bmi, value: bmi, unit: "kg/m2", ...person }).verdict,
    });
  return shown;
}

/** A set in one line, for lists: "BP 128/78, pulse 72". */
export const vitalsLine = (i18n: I18n, set: Pick<Vitals, "measurements">, units: Units): string =>
  shownVitals(i18n, set, { ageDays: null }, units)
    .map(({ name, value, unit }) => `${name} ${value} ${unit}`)
    .join(", ");

/** The newest height of the chart in cm; null when none was ever measured. */
export const lastHeightOf = (sets: readonly Vitals[]): number | null => {
  for (const set of [...sets].sort((a, b) => (a.takenAt < b.takenAt ? 1 : -1))) {
    const height = set.status === "final" && set.measurements.find(({ code }) => code === vitalCodes.height);
    if (height) return height.value;
  }
  return null;
};
