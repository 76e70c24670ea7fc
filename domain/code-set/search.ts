import { type Allergen, allergens } from "./allergens.ts";
import { type Vaccine, vaccines } from "./cvx.ts";
import { plainName } from "./drug-names.ts";
import { type Drug, drugs } from "./drugs.ts";
import { type ProblemCode, problemCodes } from "./icd-10-cm.ts";
import { once } from "./line-format.ts";
import { type LoincCode, loincCodes } from "./loinc.ts";

interface Entry<T> {
  readonly item: T;
  readonly code: string;
  /** After everything else that answers, however well it does. */
  readonly last: boolean;
  readonly title: string;
  readonly titleWords: readonly string[];
  readonly others: readonly { readonly text: string; readonly words: readonly string[] }[];
}

/** How many answers a search gives when nobody says otherwise: what fits under a field. */
const usualLimit = 20;

/**
 * How well an entry answers, lower is better; null when a word of the question begins no word of the entry. Exact names
 * come first, then names that begin so, then words of the title, then search words.
 */
function rank<T>(entry: Entry<T>, asked: string, askedWords: readonly string[]): number | null {
  const compact = asked.replaceAll(" ", "");
  if (entry.code !== "" && entry.code.startsWith(compact)) return entry.code === compact ? 0 : 2;
  if (entry.title === asked || entry.others.some(({ text }) => text === asked)) return 1;
  const begins = (words: readonly string[]) =>
    askedWords.every((word) => words.some((one) => one.startsWith(word)));
  if (entry.title.startsWith(asked)) return 3;
  if (entry.others.some(({ text }) => text.startsWith(asked))) return 4;
  if (begins(entry.titleWords)) return 5;
  if (entry.others.some(({ words }) => begins(words))) return 6;
  return begins([...entry.titleWords, ...entry.others.flatMap(({ words }) => words)]) ? 7 : null;
}

/* @__NO_SIDE_EFFECTS__ */
function searcher<T>(
  items: () => readonly T[],
  describe: (item: T) => {
    readonly code?: string;
    readonly title: string;
    readonly others: readonly string[];
    readonly last?: boolean;
  },
): (text: string, limit?: number) => T[] {
  const entries = once(() =>
    items().map((item): Entry<T> => {
      const { code = "", title, others, last = false } = describe(item);
      const plain = plainName(title);
      return {
        item,
        last,
        code: plainName(code).replaceAll(" ", ""),
        title: plain,
        titleWords: plain.split(" "),
        others: others.map((other) => {
          const text = plainName(other);
          return { text, words: text.split(" ") };
        }),
      };
    }),
  );
  return (text, limit = usualLimit) => {
    const asked = plainName(text);
    if (asked === "") return [];
    const askedWords = asked.split(" ");
    return entries()
      .map((entry, place) => ({ entry, place, rank: rank(entry, asked, askedWords) }))
      .filter((one): one is typeof one & { rank: number } => one.rank !== null)
      .sort((a, b) => Number(a.entry.last) - Number(b.entry.last) || a.rank - b.rank || a.place - b.place)
      .slice(0, limit)
      .map(({ entry }) => entry.item);
  };
}

/** Problems by title, lay words or code: "high blood pr", "e11", "chest pain". Every word must begin a word. */
export const searchProblems: (text: string, limit?: number) => ProblemCode[] = searcher(
  problemCodes,
  ({ code, title, words }) => ({ code, title, others: words }),
);

/** Drugs by ingredient or brand; ingredients that are only part of combinations are left out. */
export const searchDrugs: (text: string, limit?: number) => Drug[] = searcher(
  once(() => drugs().filter(({ forms }) => forms.length > 0)),
  ({ name, brands }) => ({ title: name, others: brands }),
);

/** What an allergy may be entered as. */
export type AllergenChoice =
  | { readonly type: "allergen"; readonly allergen: Allergen }
  | { readonly type: "ingredient"; readonly ingredient: string; readonly brands: readonly string[] };

const allergenChoices = once((): AllergenChoice[] => {
  const brandsOf = new Map<string, Set<string>>();
  for (const { ingredients, brands } of drugs())
    for (const one of ingredients) {
      const known = brandsOf.get(one) ?? new Set();
      brandsOf.set(one, ingredients.length === 1 ? new Set([...known, ...brands]) : known);
    }
  return [
    ...allergens().map((allergen) => ({ type: "allergen" as const, allergen })),
    ...[...brandsOf].map(([ingredient, brands]) => ({
      type: "ingredient" as const,
      ingredient,
      brands: [...brands],
    })),
  ];
});

/** Allergens to pick: classes, foods and the like, then single ingredients of the drug table by generic or brand name. */
export const searchAllergens: (text: string, limit?: number) => AllergenChoice[] = searcher(
  allergenChoices,
  (choice) =>
    choice.type === "allergen"
      ? { title: choice.allergen.name, others: choice.allergen.words }
      : { title: choice.ingredient, others: choice.brands },
);

/** Vaccines by short name, group or CVX code; current ones come before those of the past. */
export const searchVaccines: (text: string, limit?: number) => Vaccine[] = searcher(
  vaccines,
  ({ code, name, group, current }) => ({ code, title: name, others: [group], last: !current }),
);

/** Vital signs and tests by name, other words or LOINC code. */
export const searchTests: (text: string, limit?: number) => LoincCode[] = searcher(
  loincCodes,
  ({ code, name, words }) => ({ code, title: name, others: words }),
);
