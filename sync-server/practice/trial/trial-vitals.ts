import { addDays } from "#domain/kernel/instant.ts";
import type { Measurement, Vitals } from "#domain/vitals/index.ts";
import type { Scribe } from "./trial-charts.ts";
import type { TrialCondition } from "./trial-conditions.ts";

/** Middle weight (kg) and height (cm) by age in years; between them a straight line. */
const growth: Readonly<Record<"female" | "male", readonly (readonly [number, number, number])[]>> = {
  female: [
    [0, 3.3, 49],
    [0.5, 7.3, 65.5],
    [1, 9, 74],
    [2, 12, 86],
    [5, 18, 109],
    [10, 33, 138],
    [14, 50, 160],
    [18, 58, 163],
    [45, 70, 163],
    [80, 66, 159],
    [99, 58, 155],
  ],
  male: [
    [0, 3.4, 50],
    [0.5, 7.9, 67.5],
    [1, 9.8, 76],
    [2, 12.6, 88],
    [5, 18.4, 110],
    [10, 32, 138],
    [14, 51, 164],
    [18, 68, 176],
    [45, 84, 176],
    [80, 78, 172],
    [99, 68, 168],
  ],
};

function between(table: readonly (readonly [number, number, number])[], age: number): [number, number] {
  const next = Math.max(
    1,
    table.findIndex(([at]) => at >= age),
  );
  const [from, to] = [table[next - 1]!, table[next]!];
  const part = Math.min(1, Math.max(0, (age - from[0]) / (to[0] - from[0])));
  return [from[1] + part * (to[1] - from[1]), from[2] + part * (to[2] - from[2])];
}

/** Resting pulse and breathing by age in years. */
const restingPulse = (age: number): number => (age < 1 ? 130 : age < 5 ? 105 : age < 12 ? 88 : 72);
const breaths = (age: number): number => (age < 1 ? 36 : age < 5 ? 26 : age < 12 ? 20 : 15);
const systolic = (age: number): number => (age < 5 ? 92 : age < 12 ? 102 : age < 18 ? 112 : 116 + age * 0.17);

const rounded = (value: number, decimals = 0): number => Number(value.toFixed(decimals));

/** What makes one patient differ from the middle, and where their conditions push. */
interface Build {
  readonly weight: number;
  readonly height: number;
  readonly systolic: number;
  readonly pulse: number;
  readonly oxygen: number;
}

const sum = (conditions: readonly TrialCondition[], of: keyof NonNullable<TrialCondition["lean"]>): number =>
  conditions.reduce((total, { lean }) => total + (lean?.[of] ?? 0), 0);

function measured({ patient, random }: Scribe, build: Build, date: string, drift: number): Measurement[] {
  const age = (Date.parse(date) - Date.parse(patient.birthDate)) / 31_557_600_000;
  const [middleWeight, middleHeight] = between(growth[patient.sex === "male" ? "male" : "female"], age);
  const around = (spread: number) => (random.next() - 0.5) * 2 * spread;
  const sys = systolic(age) + build.systolic + around(7) - drift * 6;
  const list: [string, number, string][] = [
    ["8867-4", rounded(restingPulse(age) + build.pulse + around(6)), "/min"],
    ["9279-1", rounded(breaths(age) + around(2)), "/min"],
    ["8310-5", rounded(36.7 + around(0.3), 1), "Cel"],
    ["59408-5", rounded(Math.min(99, 98 + build.oxygen + around(1))), "%"],
    ["29463-7", rounded(middleWeight * build.weight - (age > 18 ? drift * 1.5 : 0), age < 2 ? 2 : 1), "kg"],
    ["8302-2", rounded(middleHeight * build.height, 1), "cm"],
  ];
  if (age >= 3)
    list.unshift(
      ["8480-6", rounded(sys), "mm[Hg]"],
      ["8462-4", rounded(sys * 0.6 + 4 + around(3)), "mm[Hg]"],
    );
  return list.map(([code, value, unit]) => ({ code, value, unit, confirmed: false }));
}

/** Sets of vital signs over two years; treated pressure and weight come down slowly. */
export function trialVitals(scribe: Scribe, conditions: readonly TrialCondition[]): Vitals[] {
  const { patient, setting, random } = scribe;
  const adultish = conditions.length > 0;
  const build: Build = {
    weight: 1 + (random.next() - 0.5) * 0.24 + sum(conditions, "weight") / 100,
    height: 1 + (random.next() - 0.5) * 0.06,
    systolic: sum(conditions, "systolic"),
    pulse: Math.min(12, sum(conditions, "pulse")),
    oxygen: Math.max(-4, sum(conditions, "oxygen")),
  };
  const count = Math.min(8, 2 + conditions.length + random.below(3));
  const newest = 12 + random.below(60);
  const step = adultish ? 80 + random.below(40) : 150 + random.below(120);
  const dates = Array.from({ length: count }, (_, k) => addDays(setting.today, -(newest + k * step)))
    .filter((date) => date >= patient.birthDate && (!patient.deceasedOn || date < patient.deceasedOn))
    .reverse();
  if (dates.length === 0 && !patient.deceasedOn) dates.push(addDays(setting.today, -2));
  return dates.map((date, k) => vitalsSet(scribe, measured(scribe, build, date, k), date));
}

/** One set, taken by the nurse. */
export function vitalsSet(
  scribe: Scribe,
  measurements: Measurement[],
  date: string,
  options: { readonly time?: string; readonly encounterId?: string } = {},
): Vitals {
  const time = options.time ?? "10:05";
  return {
    ...scribe.fact("vitals", date, date, scribe.nurseId, time),
    verification: "confirmed",
    encounterId: options.encounterId ?? null,
    takenAt: scribe.at(date, time),
    measurements,
    position: "sitting",
    status: "final",
    statusReason: "",
    replacedBy: null,
    moves: [],
    note: "",
  };
}

/** The values of a patient's newest set, a little changed: what is measured at the next visit. */
export function nextMeasurements({ random }: Scribe, last: readonly Measurement[]): Measurement[] {
  const wobble: Readonly<Record<string, number>> = {
    "8480-6": 5,
    "8462-4": 3,
    "8867-4": 4,
    "29463-7": 0.6,
    "8310-5": 0.2,
  };
  return last.map((one) => {
    const change = (random.next() - 0.5) * 2 * (wobble[one.code] ?? 0);
    const decimals = one.code === "29463-7" || one.code === "8310-5" || one.code === "8302-2" ? 1 : 0;
    return { ...one, value: rounded(one.value + change, decimals) };
  });
}
