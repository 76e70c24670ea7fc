import { expect, it } from "vitest";
import { sameThing, twiceListed } from "./index.ts";

const entry = (id: string, patientId: string, words: string, code: string | null = null) => ({
  id,
  patientId,
  words,
  code,
});
const idsOf = (pairs: readonly { readonly id: string }[][]) => pairs.map((pair) => pair.map(({ id }) => id));

it("C12 proposes what two records of one person both list, each entry in one question", () => {
  const entries = [
    entry("a", "kept", "Latex"),
    entry("b", "merged", " latex."),
    entry("c", "third", "LATEX"),
    entry("d", "merged", "Peanut"),
  ];
  expect(idsOf(twiceListed(entries, sameThing))).toEqual([["a", "b"]]);
});

it("C12 leaves alone what one record lists twice: that was entered on purpose or warned of", () => {
  const entries = [entry("a", "kept", "insulin"), entry("b", "kept", "insulin")];
  expect(twiceListed(entries, sameThing)).toEqual([]);
});

it("C12 trusts the codes where both have one", () => {
  const coded = (code: string | null, words: string) => ({ code, words });
  expect(sameThing(coded("I10", "Hypertension"), coded("I10", "High blood pressure"))).toBe(true);
  expect(sameThing(coded("I10", "Hypertension"), coded("I15.9", "Hypertension"))).toBe(false);
  expect(sameThing(coded(null, "Hypertension"), coded("I10", "hypertension"))).toBe(true);
  expect(sameThing(coded(null, "Пенициллин"), coded(null, "Аспирин"))).toBe(false);
  expect(sameThing(coded(null, "Sjögren's syndrome"), coded(null, "SJOGREN’S  syndrome"))).toBe(true);
});
