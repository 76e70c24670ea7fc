import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  daysPerYear,
  fromCanonical,
  type Limits,
  type Person,
  type Range,
  rangeFor,
  toCanonical,
} from "./age.ts";
import { judgeResult, loincCodes } from "./loinc.ts";
import {
  bodyMassIndex,
  judgeVital,
  systolicAboveDiastolic,
  vitalIn,
  vitalSign,
  vitalSigns,
} from "./vitals-limits.ts";

const years = (count: number) => Math.round(count * daysPerYear);
const sexes = ["female", "male", "unknown"] as const;

const within = (inner: Range, outer: Range) =>
  inner.every((end) => !Number.isFinite(end) || (end >= outer[0] && end <= outer[1]));

/** What is wrong with how the limits lie in each other for one person, or null. */
function misfit(limits: Limits, person: Person): string | null {
  const normal = rangeFor(limits.normal, person);
  const plausible = rangeFor(limits.plausible, person);
  const possible = rangeFor(limits.possible, person);
  if (normal && !(plausible && within(normal, plausible))) return `normal ${normal}, plausible ${plausible}`;
  if (plausible && !(possible && within(plausible, possible)))
    return `plausible ${plausible}, possible ${possible}`;
  return null;
}

describe("C15 limits", () => {
  it("nest at every age from birth to 110 years: normal within plausible within possible", () => {
    const days = [
      ...Array(730).keys(),
      ...Array.from({ length: 108 * 12 }, (_, month) => 730 + month * 30.4),
    ];
    for (const one of loincCodes())
      for (const sex of sexes)
        for (const ageDays of [null, ...days]) {
          const wrong = misfit(one, { ageDays, sex });
          if (wrong) expect.fail(`${one.code} ${one.name}, ${sex}, ${ageDays} days: ${wrong}`);
        }
  });

  it("gives every number a plausible and a possible range", () => {
    for (const { name, unit, plausible, possible, expected } of loincCodes())
      if (unit !== "") {
        expect(plausible.length, name).toBeGreaterThan(0);
        expect(possible.length, name).toBeGreaterThan(0);
        expect(expected, name).toBeNull();
      } else expect(plausible, name).toEqual([]);
  });

  it("keeps the lower end of every range at or under the upper", () => {
    for (const { name, normal, plausible, possible } of loincCodes())
      for (const { range } of [...normal, ...plausible, ...possible])
        expect(range[0], name).toBeLessThanOrEqual(range[1]);
  });

  it("leaves room between the pressures: a normal systolic is above every normal diastolic", () => {
    for (let day = 0; day < 40_000; day += 20) {
      const [systolic, diastolic] = ["8480-6", "8462-4"].map(
        (code) => rangeFor(vitalSign(code)!.normal, { ageDays: day })!,
      );
      expect(systolic![0], `${day} days`).toBeGreaterThanOrEqual(diastolic![1]);
    }
  });
});

describe("C15 judging a vital sign", () => {
  const verdict = (code: string, value: number, unit: string, ageDays: number | null) =>
    judgeVital({ code, value, unit, ageDays }).verdict;

  it.each<[string, string, number, string, number | null, string]>([
    ["an adult's pressure", "8480-6", 118, "mm[Hg]", years(40), "ok"],
    ["stage 1", "8480-6", 130, "mm[Hg]", years(40), "high"],
    ["the same in a child of 2", "8480-6", 118, "mm[Hg]", years(2.5), "high"],
    ["an adult's low pressure", "8480-6", 84, "mm[Hg]", years(40), "low"],
    ["the same in a child of 2", "8480-6", 84, "mm[Hg]", years(2.5), "ok"],
    ["a slip of the finger", "8480-6", 250, "mm[Hg]", years(40), "implausible"],
    ["an extra digit", "8480-6", 1200, "mm[Hg]", years(40), "impossible"],
    ["a newborn's pulse", "8867-4", 150, "/min", 3, "ok"],
    ["the same in an adult", "8867-4", 150, "/min", years(30), "high"],
    ["fever in Fahrenheit", "8310-5", 100.4, "[degF]", years(30), "high"],
    ["98.6 °F", "8310-5", 98.6, "[degF]", years(30), "ok"],
    ["Fahrenheit typed as Celsius", "8310-5", 98.6, "Cel", years(30), "impossible"],
    ["Celsius typed as Fahrenheit", "8310-5", 37, "[degF]", years(30), "impossible"],
    ["37.8 °C at 40", "8310-5", 37.8, "Cel", years(40), "ok"],
    ["37.8 °C at 80", "8310-5", 37.8, "Cel", years(80), "high"],
    ["saturation above 100", "59408-5", 101, "%", years(30), "impossible"],
    ["a newborn of 70 kg", "29463-7", 70, "kg", 2, "impossible"],
    ["pounds typed as kg for a child", "29463-7", 50, "kg", years(4), "implausible"],
    ["the same in pounds", "29463-7", 50, "[lb_av]", years(4), "ok"],
    ["pain of 11", "72514-3", 11, "{score}", years(30), "impossible"],
    ["an adult's weight index", "39156-5", 31, "kg/m2", years(30), "high"],
    ["a child's weight index has no range", "39156-5", 31, "kg/m2", years(10), "ok"],
    ["glucose in mmol/L", "41653-7", 5.5, "mmol/L", years(30), "ok"],
    ["mg/dL typed as mmol/L", "41653-7", 120, "mmol/L", years(30), "impossible"],
    ["an unknown unit", "8310-5", 310, "K", years(30), "impossible"],
    ["an unknown code", "1-8", 3, "kg", years(30), "impossible"],
    ["no number", "8867-4", Number.NaN, "/min", years(30), "impossible"],
    ["an infinite number", "8867-4", Number.POSITIVE_INFINITY, "/min", years(30), "impossible"],
    ["a pulse that some age may have, age unknown", "8867-4", 180, "/min", null, "ok"],
    ["a pulse that no age has", "8867-4", 400, "/min", null, "impossible"],
  ])("%s", (_, code, value, unit, ageDays, expected) =>
    expect(verdict(code, value, unit, ageDays)).toBe(expected),
  );

  it("gives the value in the unit it is kept in", () => {
    expect(judgeVital({ code: "29463-7", value: 150, unit: "[lb_av]", ageDays: years(30) })).toEqual({
      verdict: "ok",
      canonicalValue: 68.039,
      unit: "kg",
    });
    expect(judgeVital({ code: "8302-2", value: 70, unit: "[in_i]", ageDays: years(30) }).canonicalValue).toBe(
      177.8,
    );
    expect(judgeVital({ code: "8310-5", value: 98.6, unit: "[degF]", ageDays: 1 }).canonicalValue).toBe(37);
    expect(judgeVital({ code: "8310-5", value: 310, unit: "K", ageDays: 1 }).canonicalValue).toBeNull();
  });

  it("brings back what was typed in any unit", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...vitalSigns().flatMap((sign) => sign.units.map((unit) => ({ sign, unit })))),
        fc.integer({ min: 1, max: 9999 }),
        ({ sign, unit }, digits) => {
          const typed = digits / 10 ** unit.decimals;
          const kept = toCanonical(typed, unit.unit, sign.units, sign.keptDecimals)!;
          expect(vitalIn(sign.code, kept, unit.unit), `${typed} ${unit.unit}`).toBe(typed);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("is monotonous: a value between two that are possible is possible", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...vitalSigns()),
        fc.integer({ min: 0, max: 40_000 }),
        fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.double({ noNaN: true })),
        ({ code, unit }, ageDays, values) => {
          const verdicts = values
            .toSorted((a, b) => a - b)
            .map((value) => judgeVital({ code, value, unit, ageDays }).verdict);
          if (verdicts[0] !== "impossible" && verdicts[2] !== "impossible")
            expect(verdicts[1]).not.toBe("impossible");
        },
      ),
    );
  });

  it("refuses a diastolic pressure that is not under the systolic", () => {
    expect(systolicAboveDiastolic(120, 80)).toBe(true);
    expect(systolicAboveDiastolic(80, 80)).toBe(false);
    expect(systolicAboveDiastolic(80, 120)).toBe(false);
  });

  it("computes the body mass index", () => {
    expect(bodyMassIndex(70, 175)).toBe(22.9);
    expect(bodyMassIndex(70, 0)).toBeNull();
  });
});

describe("C15 judging a result", () => {
  const judge = (
    code: string,
    value: number,
    unit: string,
    ageDays: number | null,
    sex = "unknown" as (typeof sexes)[number],
  ) => judgeResult({ code, value, unit, ageDays, sex })?.verdict ?? null;

  it.each<[string, string, number, string, number | null, (typeof sexes)[number], string | null]>([
    ["potassium", "2823-3", 4.2, "mmol/L", years(50), "male", "ok"],
    ["potassium, high", "2823-3", 6.1, "mmol/L", years(50), "male", "high"],
    ["potassium, a lost point", "2823-3", 42, "mmol/L", years(50), "male", "impossible"],
    ["hemoglobin of a man", "718-7", 12.8, "g/dL", years(50), "male", "low"],
    ["the same of a woman", "718-7", 12.8, "g/dL", years(50), "female", "ok"],
    ["the same, sex not known", "718-7", 12.8, "g/dL", years(50), "unknown", "ok"],
    ["the same of a newborn", "718-7", 12.8, "g/dL", 3, "male", "ok"],
    ["hemoglobin in g/L", "718-7", 128, "g/L", years(50), "male", "low"],
    ["creatinine of a toddler", "2160-0", 0.9, "mg/dL", years(2), "male", "high"],
    ["A1c", "4548-4", 7.1, "%", years(50), "male", "high"],
    ["no number", "2823-3", Number.NaN, "mmol/L", years(50), "male", "impossible"],
    ["an unknown test", "1-8", 1, "mg/dL", years(50), "male", null],
    ["an unknown unit", "2823-3", 4.2, "mg/dL", years(50), "male", null],
    ["a test in words", "2106-3", 1, "", years(50), "male", null],
  ])("%s", (_, code, value, unit, ageDays, sex, expected) =>
    expect(judge(code, value, unit, ageDays, sex)).toBe(expected),
  );

  it("never flags a person of unknown age or sex for what is normal for somebody", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...loincCodes().filter(({ normal }) => normal.length > 0)),
        fc.integer({ min: 0, max: 40_000 }),
        fc.constantFrom(...sexes),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, ageDays, sex, share) => {
          const [low, high] = rangeFor(one.normal, { ageDays, sex }) ?? [0, 0];
          fc.pre(Number.isFinite(low) && Number.isFinite(high) && high > 0);
          const value = low + share * (high - low);
          const within = (person: Person) => {
            const range = rangeFor(one.normal, person);
            return range === null || (value >= range[0] && value <= range[1]);
          };
          expect(within({ ageDays: null, sex }), `${one.name} ${value}, age not known`).toBe(true);
          expect(within({ ageDays, sex: "other" }), `${one.name} ${value}, sex not known`).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("has the other units it names, forth and back", () => {
    for (const { name, units } of loincCodes())
      for (const { unit, factor } of units) {
        expect(factor, `${name} in ${unit}`).toBeGreaterThan(0);
        expect(fromCanonical(toCanonical(5, unit, units, 6)!, unit, units)).toBeCloseTo(5, 1);
      }
  });
});
