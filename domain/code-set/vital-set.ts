import type { Person, Verdict } from "./age.ts";
import { bodyMassIndex, judgeVital, systolicAboveDiastolic, vitalSign } from "./vitals-limits.ts";

const systolicCode = "8480-6";
const diastolicCode = "8462-4";
const weightCode = "29463-7";
const heightCode = "8302-2";

/** LOINC codes that more than one place has to know by name. */
export const vitalCodes = {
  systolic: systolicCode,
  diastolic: diastolicCode,
  pulse: "8867-4",
  breathing: "9279-1",
  temperature: "8310-5",
  oxygen: "59408-5",
  weight: weightCode,
  height: heightCode,
  head: "9843-4",
  pain: "72514-3",
  bmi: "39156-5",
  glucose: "41653-7",
} as const;

export interface EnteredVital {
  readonly code: string;
  readonly value: number;
  /** UCUM. */
  readonly unit: string;
  /** The person said that an implausible value is right. */
  readonly confirmed: boolean;
}

/** What is wrong with one value of a set. Only `implausible` can be confirmed. */
export interface VitalProblem {
  readonly code: string;
  readonly problem:
    | "unknown-code"
    | "not-canonical"
    | "computed"
    | "twice"
    | "impossible"
    | "implausible"
    | "not-above-diastolic";
}

/**
 * C15: everything that keeps a set of vital signs from being recorded, by value; empty when it may be. The tablet asks
 * before it saves, the clinic asks again. Values come in the canonical unit of their code.
 */
export function problemsOfVitals(measurements: readonly EnteredVital[], person: Person): VitalProblem[] {
  const seen = new Set<string>();
  const problems: VitalProblem[] = [];
  for (const one of measurements) {
    const problem = seen.has(one.code) ? "twice" : problemOf(one, person);
    if (problem) problems.push({ code: one.code, problem });
    seen.add(one.code);
  }
  const measured = (code: string) => measurements.find((one) => one.code === code)?.value;
  const [systolic, diastolic] = [measured(systolicCode), measured(diastolicCode)];
  if (systolic !== undefined && diastolic !== undefined && !systolicAboveDiastolic(systolic, diastolic))
    problems.push({ code: systolicCode, problem: "not-above-diastolic" });
  return problems;
}

function problemOf(one: EnteredVital, person: Person): VitalProblem["problem"] | null {
  const sign = vitalSign(one.code);
  if (!sign) return "unknown-code";
  if (sign.computed) return "computed";
  if (one.unit !== sign.unit) return "not-canonical";
  const verdict: Verdict = judgeVital({ ...one, ...person }).verdict;
  if (verdict === "impossible") return "impossible";
  return verdict === "implausible" && !one.confirmed ? "implausible" : null;
}

/** The body mass index of a set, with the last known height where the set has none; null when it cannot be computed. */
export function bmiOf(
  measurements: readonly Pick<EnteredVital, "code" | "value">[],
  lastHeight: number | null,
): number | null {
  const measured = (code: string) => measurements.find((one) => one.code === code)?.value;
  const weight = measured(weightCode);
  const height = measured(heightCode) ?? lastHeight;
  return weight !== undefined && height !== null ? bodyMassIndex(weight, height) : null;
}
