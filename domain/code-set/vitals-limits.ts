import {
  type EntryUnit,
  fromCanonical,
  type Limits,
  type Person,
  readRanges,
  toCanonical,
  type Verdict,
  verdictOf,
} from "./age.ts";
import { once } from "./line-format.ts";

/** A vital sign as a practice records it (C15). */
export interface VitalSign extends Limits {
  /** LOINC. */
  readonly code: string;
  readonly name: string;
  /** The unit values are kept in (UCUM). */
  readonly unit: string;
  /** Decimals kept in that unit: enough that what was typed in another unit comes back unchanged. */
  readonly keptDecimals: number;
  /** Units it may be entered in; the first is the canonical one. */
  readonly units: readonly EntryUnit[];
  /** Computed by the chart, never typed. */
  readonly computed: boolean;
}

interface Written {
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  readonly decimals: number;
  readonly keptDecimals?: number;
  readonly others?: readonly EntryUnit[];
  readonly computed?: true;
  readonly normal: string;
  readonly plausible: string;
  readonly possible: string;
}

const vital = ({ others = [], normal, plausible, possible, ...written }: Written): VitalSign => ({
  ...written,
  keptDecimals: written.keptDecimals ?? written.decimals,
  computed: written.computed ?? false,
  units: [{ unit: written.unit, factor: 1, offset: 0, decimals: written.decimals }, ...others],
  normal: readRanges(normal),
  plausible: readRanges(plausible),
  possible: readRanges(possible),
});

/** The international pound and inch are exact by definition; so is the degree Fahrenheit. */
const kgPerPound = 0.45359237;
const cmPerInch = 2.54;
/** 180.156 g/mol of glucose, in mg/dL for each mmol/L. */
const glucosePerMillimole = 18.0156;

/**
 * Vital signs with the limits that entry uses. *Normal* only colours a number, *implausible* asks for a second tap,
 * *impossible* is refused: the outer limits are wide, because refusing a true value is worse than accepting an odd one.
 *
 * Sources, simplified to whole bands of age: pulse and breathing of children as in the tables of Pediatric Advanced
 * Life Support (American Heart Association); blood pressure of children, low by its definition of hypotension and high
 * by the screening table of the American Academy of Pediatrics (2017, Table 6, the lower of the sexes); blood pressure
 * of adults by ACC/AHA 2017 (stage 1 is high); fever from 38.0 °C, in the frail old from 37.8 °C (IDSA). Growth is
 * judged by percentiles elsewhere: weight, height and head circumference have no normal range here, nor has the body
 * mass index before 20 years. Plausible and possible limits are the project's own.
 */
export const vitalSigns: () => readonly VitalSign[] = once(() => [
  vital({
    code: "8480-6",
    name: "Systolic blood pressure",
    unit: "mm[Hg]",
    decimals: 0,
    normal: `<28d 60-90; <1y 70-104; <2y 72-97; <3y 74-99; <4y 76-100; <5y 78-101; <6y 80-102; <7y 82-104; <8y 84-105;
      <9y 86-106; <10y 88-106; <11y 90-107; <12y 90-109; <13y 90-112; <18y 90-119; 90-129`,
    plausible: "<28d 40-120; <1y 50-140; <13y 60-170; <18y 70-200; 65-240",
    possible: "<28d 20-180; 20-320",
  }),
  vital({
    code: "8462-4",
    name: "Diastolic blood pressure",
    unit: "mm[Hg]",
    decimals: 0,
    normal: `<28d 30-60; <1y 35-56; <2y 37-51; <3y 40-54; <4y 42-57; <5y 44-59; <6y 46-62; <7y 48-65; <8y 50-67;
      <9y 52-68; <10y 54-69; <11y 55-71; <12y 55-73; <13y 55-74; <18y 58-79; 60-79`,
    plausible: "<28d 15-80; <1y 20-95; <13y 25-110; <18y 30-130; 30-140",
    possible: "<28d 5-120; 0-220",
  }),
  vital({
    code: "8867-4",
    name: "Heart rate",
    unit: "/min",
    decimals: 0,
    normal: "<28d 100-205; <1y 100-180; <3y 98-140; <6y 80-120; <12y 75-118; 60-100",
    plausible: "<28d 60-240; <1y 60-230; <6y 50-220; <18y 40-210; 30-200",
    possible: "15-350",
  }),
  vital({
    code: "9279-1",
    name: "Respiratory rate",
    unit: "/min",
    decimals: 0,
    normal: "<28d 30-60; <1y 30-53; <3y 22-37; <6y 20-28; <12y 18-25; 12-20",
    plausible: "<28d 20-90; <1y 15-85; <6y 12-70; <12y 10-60; 6-50",
    possible: "<1y 4-150; 2-120",
  }),
  vital({
    code: "8310-5",
    name: "Body temperature",
    unit: "Cel",
    decimals: 1,
    keptDecimals: 2,
    others: [{ unit: "[degF]", factor: 5 / 9, offset: 32, decimals: 1 }],
    normal: "<28d 36.5-37.9; <65y 36-37.9; 35.5-37.7",
    plausible: "34-41.5",
    possible: "25-45",
  }),
  vital({
    code: "59408-5",
    name: "Oxygen saturation",
    unit: "%",
    decimals: 0,
    normal: "95-100",
    plausible: "70-100",
    possible: "20-100",
  }),
  vital({
    code: "29463-7",
    name: "Weight",
    unit: "kg",
    decimals: 1,
    keptDecimals: 3,
    others: [
      { unit: "[lb_av]", factor: kgPerPound, offset: 0, decimals: 1 },
      { unit: "[oz_av]", factor: kgPerPound / 16, offset: 0, decimals: 1 },
      { unit: "g", factor: 0.001, offset: 0, decimals: 0 },
    ],
    normal: "",
    plausible: `<28d 1.5-6.5; <6m 2-12; <1y 3.5-16; <2y 6-20; <3y 8-25; <5y 9-40; <8y 12-70; <12y 16-110; <18y 25-180;
      30-250`,
    possible: `<28d 0.3-12; <6m 0.4-20; <1y 1-25; <2y 2-35; <3y 3-45; <5y 4-70; <8y 6-120; <12y 8-200; <18y 10-350;
      12-650`,
  }),
  vital({
    code: "8302-2",
    name: "Height",
    unit: "cm",
    decimals: 1,
    keptDecimals: 2,
    others: [
      { unit: "[in_i]", factor: cmPerInch, offset: 0, decimals: 2 },
      { unit: "m", factor: 100, offset: 0, decimals: 2 },
    ],
    normal: "",
    plausible: `<28d 38-60; <6m 42-76; <1y 52-90; <2y 62-102; <3y 70-115; <5y 78-132; <8y 90-158; <12y 102-188;
      <18y 115-212; 125-215`,
    possible: `<28d 20-75; <6m 22-95; <1y 28-105; <2y 32-120; <3y 40-130; <5y 45-150; <8y 50-180; <12y 55-220;
      <18y 55-250; 50-275`,
  }),
  vital({
    code: "9843-4",
    name: "Head circumference",
    unit: "cm",
    decimals: 1,
    keptDecimals: 2,
    others: [{ unit: "[in_i]", factor: cmPerInch, offset: 0, decimals: 2 }],
    normal: "",
    plausible: "<28d 28-40; <3m 30-45; <1y 34-52; <3y 40-56; <18y 44-63; 48-66",
    possible: "<28d 15-60; <1y 18-75; 25-100",
  }),
  vital({
    code: "72514-3",
    name: "Pain score (0 to 10, said by the patient)",
    unit: "{score}",
    decimals: 0,
    normal: "",
    plausible: "0-10",
    possible: "0-10",
  }),
  vital({
    code: "39156-5",
    name: "Body mass index",
    unit: "kg/m2",
    decimals: 1,
    computed: true,
    normal: "<20y -; 18.5-24.9",
    plausible: "<2y 8-30; <20y 9-60; 12-80",
    possible: "4-250",
  }),
  vital({
    code: "41653-7",
    name: "Glucose, fingerstick",
    unit: "mg/dL",
    decimals: 0,
    keptDecimals: 1,
    others: [{ unit: "mmol/L", factor: glucosePerMillimole, offset: 0, decimals: 1 }],
    normal: "<2d 40-125; <28d 50-125; 70-139",
    plausible: "<28d 25-300; 40-500",
    possible: "<28d 5-1000; 5-1500",
  }),
]);

/** The vital sign with this LOINC code. */
export const vitalSign = (code: string): VitalSign | undefined =>
  vitalSigns().find((one) => one.code === code);

export interface VitalJudgement {
  readonly verdict: Verdict;
  /** In `unit`; null when the code or the unit is not one a practice enters, which is impossible too. */
  readonly canonicalValue: number | null;
  /** UCUM; the unit as entered when it could not be read. */
  readonly unit: string;
}

/**
 * C15: what entry does with a vital sign. "impossible" is refused, "implausible" needs a second tap, "low" and "high"
 * are only shown. An unknown code, an unknown unit and a value that is no number are impossible.
 *
 * @param entry `unit` is UCUM, one of the vital sign's `units`; `ageDays` is null when the birth date is not known.
 */
export function judgeVital(
  entry: { readonly code: string; readonly value: number; readonly unit: string } & Person,
): VitalJudgement {
  const sign = vitalSign(entry.code);
  const value = sign && toCanonical(entry.value, entry.unit, sign.units, sign.keptDecimals);
  if (sign === undefined || value === undefined || value === null || !Number.isFinite(value))
    return { verdict: "impossible", canonicalValue: null, unit: entry.unit };
  return { verdict: verdictOf(value, sign, entry), canonicalValue: value, unit: sign.unit };
}

/** A kept value as it reads in another unit, rounded as people read it; null when the vital sign has no such unit. */
export function vitalIn(code: string, canonicalValue: number, unit: string): number | null {
  const sign = vitalSign(code);
  return sign ? fromCanonical(canonicalValue, unit, sign.units) : null;
}

/** C15: the systolic pressure is always the higher one; both in mm[Hg]. Swapped fields are the usual reason. */
export const systolicAboveDiastolic = (systolic: number, diastolic: number): boolean => systolic > diastolic;

/** Body mass index in kg/m², one decimal, from weight in kg and height in cm; null without a positive height. */
export const bodyMassIndex = (weight: number, height: number): number | null =>
  height > 0 && weight > 0 ? Math.round((weight / (height / 100) ** 2) * 10) / 10 : null;
