/** Days of a mean Gregorian year; ages here need no more than the day. */
export const daysPerYear = 365.2425;

export type Sex = "female" | "male" | "other" | "unknown";

/** Lower and upper end, both allowed; an open end is infinite. */
export type Range = readonly [low: number, high: number];

/**
 * A range and whom it is for: people younger than `under` days (and not covered by an earlier line of the list), of
 * that sex where it says one.
 */
export interface AgeRange {
  readonly under: number;
  readonly sex: "female" | "male" | null;
  readonly range: Range;
}

const daysOf: Record<string, number> = { d: 1, m: daysPerYear / 12, y: daysPerYear };

/**
 * Reads `<28d 60-90; <13y 70-110; f 12-15.5; m 13.5-17.5`: the first clause that fits the person holds. Ages are days,
 * months or years; an end may be left out (`-199` is at most 199, `40-` at least 40, `-` says that there is no range).
 */
export function readRanges(text: string): readonly AgeRange[] {
  if (text.trim() === "") return [];
  return text.split(";").map((clause) => {
    const found = /^\s*(?:<(\d+)([dmy])\s+)?(?:([fm])\s+)?([\d.]*)-([\d.]*)\s*$/.exec(clause);
    if (!found) throw new Error(`not a range: ${clause}`);
    const [, count, unit, sex, low, high] = found;
    return {
      under: count && unit ? Number(count) * daysOf[unit]! : Number.POSITIVE_INFINITY,
      sex: sex === "f" ? "female" : sex === "m" ? "male" : null,
      range: [low ? Number(low) : Number.NEGATIVE_INFINITY, high ? Number(high) : Number.POSITIVE_INFINITY],
    } as const;
  });
}

export interface Person {
  /** Null when the birth date is not known. */
  readonly ageDays: number | null;
  readonly sex?: Sex;
}

/**
 * The range for a person, or null where the list has none. Somebody whose age or sex is not known and matters gets the
 * widest of the ranges that may be theirs: a doubt never turns into a flag.
 */
export function rangeFor(ranges: readonly AgeRange[], { ageDays, sex }: Person): Range | null {
  const mine: AgeRange[] = [];
  for (const one of ranges) {
    if (ageDays !== null && ageDays >= one.under) continue;
    if (one.sex !== null && (sex === "female" || sex === "male") && one.sex !== sex) continue;
    mine.push(one);
    const settled = one.sex === null || one.sex === sex;
    if (settled && ageDays !== null) break;
  }
  if (mine.length === 0) return null;
  const low = Math.min(...mine.map(({ range }) => range[0]));
  const high = Math.max(...mine.map(({ range }) => range[1]));
  return Number.isFinite(low) || Number.isFinite(high) ? [low, high] : null;
}

export type Verdict = "ok" | "low" | "high" | "implausible" | "impossible";

export interface Limits {
  readonly normal: readonly AgeRange[];
  readonly plausible: readonly AgeRange[];
  readonly possible: readonly AgeRange[];
}

const outside = (value: number, range: Range | null) =>
  range !== null && (value < range[0] || value > range[1]);

/** C15: the worst that can be said of a value in its canonical unit. */
export function verdictOf(value: number, limits: Limits, person: Person): Verdict {
  if (!Number.isFinite(value) || outside(value, rangeFor(limits.possible, person))) return "impossible";
  if (outside(value, rangeFor(limits.plausible, person))) return "implausible";
  const normal = rangeFor(limits.normal, person);
  if (normal === null || !outside(value, normal)) return "ok";
  return value < normal[0] ? "low" : "high";
}

/** Another unit in which a value may be entered: canonical = (entered - offset) × factor. */
export interface EntryUnit {
  readonly unit: string;
  readonly factor: number;
  readonly offset: number;
  /** Decimals that people read and write in this unit. */
  readonly decimals: number;
}

const rounded = (value: number, decimals: number) => {
  const power = 10 ** decimals;
  return Math.round((value + Math.sign(value) * Number.EPSILON * Math.abs(value)) * power) / power;
};

/** A value in the canonical unit, rounded to the decimals that are kept; null when the unit is not one of the list. */
export function toCanonical(
  value: number,
  unit: string,
  units: readonly EntryUnit[],
  kept: number,
): number | null {
  const entry = units.find((one) => one.unit === unit);
  return entry ? rounded((value - entry.offset) * entry.factor, kept) : null;
}

/** A canonical value as people read it in one of the entry units; null when the unit is not one of the list. */
export function fromCanonical(value: number, unit: string, units: readonly EntryUnit[]): number | null {
  const entry = units.find((one) => one.unit === unit);
  return entry ? rounded(value / entry.factor + entry.offset, entry.decimals) : null;
}
