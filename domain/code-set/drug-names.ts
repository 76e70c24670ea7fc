import { folded } from "../kernel/fold.ts";
import { type Drug, type DrugRoute, drugs } from "./drugs.ts";
import { once } from "./line-format.ts";

/** A name as it is compared: lower case, words and numbers only, single spaces. */
export const plainName = (name: string): string =>
  folded(name)
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

/** In words: "dextroamphetamine saccharate …" is longer, but no name of the tables is. */
const longestName = 6;

/** Every generic and brand name with the drugs it may mean; one generic name may have a tablet and a cream. */
const drugsByName: () => ReadonlyMap<string, readonly Drug[]> = once(() => {
  const byName = new Map<string, Drug[]>();
  for (const drug of drugs()) {
    const names = new Set([...drug.brands, drug.name, drug.ingredients.join(" + ")].map(plainName));
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), drug]);
  }
  return byName;
});

/** The drugs that go by exactly this name, generic or brand. */
export const drugsNamed = (name: string): readonly Drug[] => drugsByName().get(plainName(name)) ?? [];

/** Words that say where a drug goes, as prescriptions and people write them. */
const routeWords: readonly (readonly [DrugRoute, ReadonlySet<string>])[] = [
  ["eye", new Set(["eye", "eyes", "ophthalmic", "ophth"])],
  ["ear", new Set(["ear", "ears", "otic"])],
  ["nose", new Set(["nasal", "nose", "nostril", "nostrils"])],
  ["vagina", new Set(["vaginal", "vaginally"])],
  [
    "skin",
    new Set(["cream", "ointment", "gel", "lotion", "topical", "topically", "shampoo", "foam", "skin"]),
  ],
];

/** Minerals that are also the salt of another drug: "losartan potassium" is no potassium tablet. */
const salts = new Set(["potassium", "calcium", "magnesium", "zinc"]);

/**
 * Drugs named in a text such as "Zestril 10 mg daily" or "lisinopril-HCTZ 20/12.5": brand or generic, in any case, with
 * doses and other words around. The longest name wins ("Tylenol PM" is not Tylenol). Names are matched whole and never
 * guessed: a misspelt name is not found, and the words between are not looked at.
 */
export function drugsInText(text: string): Drug[] {
  const said = plainName(text).split(" ");
  const route = routeWords.find(([, hints]) => said.some((word) => hints.has(word)))?.[0];
  const found = new Set<Drug>();
  let afterDrug = false;
  for (const { words: name, found: named } of namesIn(text, drugsByName())) {
    const isSalt = salts.has(name);
    if (named && !(isSalt && afterDrug))
      found.add(named.find((one) => one.route === (route ?? "body")) ?? named[0]!);
    afterDrug = named !== null && !isSalt;
  }
  return [...found];
}

/** A text taken apart from left to right into known names, the longest first, and the single words between them. */
export function* namesIn<T>(
  text: string,
  names: ReadonlyMap<string, T>,
): Generator<{ readonly words: string; readonly found: T | null }> {
  const words = plainName(text).split(" ");
  for (let at = 0; at < words.length; ) {
    let length = Math.min(longestName, words.length - at);
    while (length > 1 && !names.has(words.slice(at, at + length).join(" "))) length -= 1;
    const name = words.slice(at, at + length).join(" ");
    yield { words: name, found: names.get(name) ?? null };
    at += length;
  }
}
