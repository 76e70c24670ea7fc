import { describe, expect, it } from "vitest";
import { allergens } from "./allergens.ts";
import { crossReactions } from "./drug-checks.ts";
import { drugClasses } from "./drug-classes.ts";
import { drugsInText, drugsNamed, plainName } from "./drug-names.ts";
import { drugs } from "./drugs.ts";

const ingredients = new Set(drugs().flatMap((drug) => drug.ingredients));

describe("the drug table", () => {
  it("has a class of the list for every drug, and wider classes that exist", () => {
    for (const { name, classes } of drugs()) {
      expect(classes.length, name).toBeGreaterThan(0);
      for (const one of classes) expect(drugClasses().has(one), `${name}: ${one}`).toBe(true);
    }
    for (const { id, within } of drugClasses().values())
      for (const wider of within) expect(drugClasses().has(wider), `${id}: ${wider}`).toBe(true);
  });

  it("uses every class", () => {
    const used = new Set(drugs().flatMap(({ classes }) => classes));
    for (const { within } of drugClasses().values()) for (const one of within) used.add(one);
    expect([...drugClasses().keys()].filter((id) => !used.has(id))).toEqual([]);
  });

  it("knows every ingredient of a combination by itself", () => {
    const single = new Set(
      drugs().flatMap((drug) => (drug.ingredients.length === 1 ? drug.ingredients : [])),
    );
    expect([...ingredients].filter((one) => !single.has(one))).toEqual([]);
  });

  it("says each name and place once", () => {
    const names = drugs().map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    // The chart keeps the name as the drug's id, and an ingredient as an allergen's.
    for (const name of names) expect(name.length, name).toBeLessThanOrEqual(80);
    for (const one of ingredients) expect(one.length, one).toBeLessThanOrEqual(60);
  });

  it("gives a brand to one drug only", () => {
    const owners = new Map<string, string>();
    const twice: string[] = [];
    for (const { name, brands } of drugs())
      for (const brand of brands.map(plainName)) {
        if (owners.has(brand)) twice.push(`${brand}: ${owners.get(brand)} and ${name}`);
        owners.set(brand, name);
      }
    expect(twice).toEqual([]);
  });

  it("never uses a brand that is another drug's generic name", () => {
    const wrong = drugs().flatMap(({ ingredients: own, brands }) =>
      brands.filter((brand) => {
        const generic = [...ingredients].find((one) => plainName(one) === plainName(brand));
        return generic !== undefined && !own.includes(generic);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("writes strengths with a number and a unit, and frequencies in words", () => {
    for (const { name, forms, frequencies } of drugs()) {
      for (const { form, strengths } of forms) {
        expect(form, name).toMatch(/^[a-z][a-z -]{2,}$/);
        for (const one of strengths) expect(one, name).toMatch(/^[\d./]+ (?:%|[a-zA-Z]+)(?:\/[\d.]* ?\w+)?$/);
      }
      for (const one of frequencies) expect(one, name).toMatch(/^[a-z0-9 ]{5,}$/);
    }
  });

  it("is found by every one of its names, whatever is written around", () => {
    for (const drug of drugs())
      for (const name of [drug.name, ...drug.brands]) {
        expect(drugsNamed(name), name).toContain(drug);
        const found = drugsInText(`${name.toUpperCase()} 10 mg, 1 tab PO daily`);
        expect(found, name).toHaveLength(1);
        expect(found[0]!.ingredients, name).toEqual(drug.ingredients);
      }
  });

  it("backs every class and ingredient that allergens and cross-reactions speak of", () => {
    for (const { id, classes, ingredients: own, related } of allergens()) {
      for (const one of classes) expect(drugClasses().has(one), `${id}: ${one}`).toBe(true);
      for (const one of own) expect(ingredients.has(one), `${id}: ${one}`).toBe(true);
      for (const one of related)
        expect(
          allergens().some((other) => other.id === one),
          `${id}: ${one}`,
        ).toBe(true);
    }
    for (const one of crossReactions.flatMap(({ from, to }) => [from, to]))
      expect(drugClasses().has(one) || ingredients.has(one), one).toBe(true);
  });

  it("has allergen ids of its own", () => {
    const ids = allergens().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  });
});

describe("drugs in a text", () => {
  const named = (text: string) => drugsInText(text).map(({ name }) => name);

  it.each([
    ["Zestril 10 mg daily", ["lisinopril"]],
    ["lisinopril-HCTZ 20-12.5 mg", ["lisinopril", "hydrochlorothiazide"]],
    ["metoprolol succinate ER 50 mg", ["metoprolol"]],
    ["Tylenol PM at night", ["acetaminophen + diphenhydramine"]],
    ["Bactrim DS twice daily", ["sulfamethoxazole + trimethoprim"]],
    ["losartan potassium 50 mg", ["losartan"]],
    ["potassium chloride 20 mEq", ["potassium chloride"]],
    ["fluticasone 50 mcg nasal spray", ["fluticasone (nose)"]],
    ["fluticasone 110 mcg inhaler", ["fluticasone"]],
    ["hydrocortisone 1% cream", ["hydrocortisone (skin)"]],
    ["Zestrill 10 mg", []],
    ["", []],
  ])("%s", (text, expected) => expect(named(text)).toEqual(expected));
});
