import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { vaccines } from "./cvx.ts";
import { problemCodes, problemGroups } from "./icd-10-cm.ts";
import { loincCodes } from "./loinc.ts";
import { searchAllergens, searchDrugs, searchProblems, searchTests, searchVaccines } from "./search.ts";

const twice = (values: readonly string[]) => values.filter((value, at) => values.indexOf(value) !== at);

/** The official files, or null with a word about why they are not compared. */
function official(file: string): string | null {
  const corpora = process.env.JAMEMR_CORPORA;
  const path = corpora ? join(corpora, "codes", file) : null;
  if (path && existsSync(path)) return readFileSync(path, "utf8");
  console.warn(`not compared with ${file}: ${path ? "the file is not there" : "JAMEMR_CORPORA is not set"}`);
  return null;
}

/** Categories that are younger than the file of 2018. */
const laterCategories = new Set(["U07", "U09"]);
/** Titles that later editions changed. */
const laterTitles = new Set(["F03.90"]);

describe("ICD-10-CM", () => {
  it("holds each code once, in its form, with a title and words that are plain", () => {
    expect(problemCodes().length).toBeGreaterThan(400);
    expect(twice(problemCodes().map(({ code }) => code))).toEqual([]);
    for (const { code, title, words } of problemCodes()) {
      expect(code).toMatch(/^[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?$/);
      expect(title, code).toMatch(/^[A-Z]\S.*\S$/);
      for (const word of words) expect(word, code).toMatch(/^[a-z0-9][a-z0-9 '-]+$/);
    }
    for (const { name, codes } of problemGroups()) expect(codes.length, name).toBeGreaterThan(3);
  });

  const file = official("icd10cm-categories-2018.csv");
  it.skipIf(file === null)("agrees with the official categories and titles", () => {
    const titles = new Map(
      file!
        .split(/\r?\n/)
        .map((line) => /^(\w+),"?(.*?)"?$/.exec(line))
        .filter((found) => found !== null)
        .map(([, code = "", title = ""]) => [code, title.replaceAll('""', '"')]),
    );
    expect(titles.size).toBeGreaterThan(20_000);
    let compared = 0;
    for (const { code, title } of problemCodes()) {
      const category = code.slice(0, 3);
      expect(titles.has(category) || laterCategories.has(category), code).toBe(true);
      const whole = code.replace(".", "");
      const known = titles.get(whole) ?? (whole.length === 7 ? titles.get(whole.slice(0, 6)) : undefined);
      if (known === undefined || laterTitles.has(code)) continue;
      compared += 1;
      expect(title.startsWith(known), `${code}: ${title} / ${known}`).toBe(true);
      if (whole.length < 7) expect(title, code).toBe(known);
    }
    expect(compared).toBeGreaterThan(100);
  });
});

describe("CVX", () => {
  it("holds each code once", () => {
    expect(twice(vaccines().map(({ code }) => code))).toEqual([]);
    for (const { code, name } of vaccines()) {
      expect(code).toMatch(/^\d{2,3}$/);
      expect(name.length, code).toBeGreaterThan(1);
    }
  });

  const file = official("cvx.tsv");
  it.skipIf(file === null)("has the official short names", () => {
    const names = new Map(
      file!
        .split("\n")
        .slice(1)
        .map((line) => line.split("\t"))
        .map(([code = "", name = "", , short = ""]) => [code, short || name]),
    );
    for (const { code, name } of vaccines()) expect(name, code).toBe(names.get(code));
  });
});

describe("LOINC", () => {
  it("holds each code once, with the check digit it must have", () => {
    expect(loincCodes().length).toBeGreaterThan(120);
    expect(twice(loincCodes().map(({ code }) => code))).toEqual([]);
    expect(twice(loincCodes().map(({ name }) => name))).toEqual([]);
    for (const { code } of loincCodes()) {
      const [digits = "", check] = code.split("-");
      const sum = [...digits].reverse().reduce((total, digit, at) => {
        const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
        return total + (value > 9 ? value - 9 : value);
      }, 0);
      expect(String((10 - (sum % 10)) % 10), code).toBe(check);
    }
  });
});

describe("searching", () => {
  const problems = (text: string) => searchProblems(text).map(({ code }) => code);
  const drugNames = (text: string) => searchDrugs(text).map(({ name }) => name);

  it.each([
    ["high blood pressure", "I10"],
    ["HTN", "I10"],
    ["e11.9", "E11.9"],
    ["E119", "E11.9"],
    ["type 2 diab", "E11.9"],
    ["uti", "N39.0"],
    ["gerd", "K21.9"],
    ["sore throat", "J02.9"],
    ["low back", "M54.50"],
    ["covid", "U07.1"],
    ["hypertension", "I10"],
  ])("%s finds %s first", (text, code) => expect(problems(text)[0]).toBe(code));

  it("wants every word of the question", () => {
    expect(problems("diabetes neuropathy")).toContain("E11.40");
    expect(problems("diabetes neuropathy")).not.toContain("E11.9");
    expect(problems("xyzzy")).toEqual([]);
    expect(problems("  ")).toEqual([]);
  });

  it("finds drugs by brand and ingredient, and leaves out mere ingredients", () => {
    expect(drugNames("zest")).toEqual(["lisinopril", "lisinopril + hydrochlorothiazide"]);
    expect(drugNames("zestril")).toEqual(["lisinopril"]);
    expect(drugNames("lisin")).toEqual(["lisinopril", "lisinopril + hydrochlorothiazide"]);
    expect(drugNames("clavulanate")).toEqual(["amoxicillin + clavulanate"]);
  });

  it("finds allergens and ingredients", () => {
    expect(searchAllergens("pcn")[0]).toMatchObject({ type: "allergen", allergen: { id: "penicillins" } });
    expect(searchAllergens("shrimp")[0]).toMatchObject({ type: "allergen", allergen: { id: "shellfish" } });
    expect(searchAllergens("zestril")[0]).toMatchObject({ type: "ingredient", ingredient: "lisinopril" });
  });

  it("finds vaccines, the current ones first", () => {
    expect(searchVaccines("tdap")[0]?.code).toBe("115");
    const flu = searchVaccines("influenza", 50).map(({ current }) => current);
    expect(flu).toContain(false);
    expect(flu.lastIndexOf(true)).toBeLessThan(flu.indexOf(false));
    expect(searchTests("a1c")[0]?.code).toBe("4548-4");
  });
});
