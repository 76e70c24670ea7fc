import { folded } from "#domain/kernel/fold.ts";

/** Words of a name as they are compared: no accents, no case, hyphens and apostrophes part words. */
export const nameWords = (text: string): string[] =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/**
 * How many letters have to be typed, dropped, changed or swapped with their neighbour to get from one word to another; more
 * than `most` is told as `most + 1`.
 */
export function letterDistance(a: string, b: string, most: number): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
      least = Math.min(least, best);
    }
    if (least > most) return most + 1;
    before = last;
    last = row;
  }
  return Math.min(last[b.length]!, most + 1);
}

/** Slips that are forgiven in a word of this length. */
export const forgiven = (length: number): number => (length >= 7 ? 2 : length >= 4 ? 1 : 0);

export interface Named {
  readonly givenName: string;
  readonly familyName: string;
  readonly preferredName: string;
}

const alike = (a: string, b: string): boolean => {
  if (a === "" || b === "") return false;
  const short = a.length < b.length ? a : b;
  const long = short === a ? b : a;
  return (
    (short.length >= 3 && long.startsWith(short)) ||
    letterDistance(a, b, 2) <= Math.max(1, forgiven(short.length))
  );
};

/** Whether two people may be taken for each other when their names are called, read or typed (C04). */
export function namesAlike(a: Named, b: Named): boolean {
  const [familyA, familyB] = [nameWords(a.familyName).join(""), nameWords(b.familyName).join("")];
  const given = (one: Named) => [one.givenName, one.preferredName].map((name) => nameWords(name).join(""));
  const [givenA, givenB] = [given(a), given(b)];
  const givenAlike = givenA.some((one) => givenB.some((other) => alike(one, other)));
  if (givenAlike && alike(familyA, familyB)) return true;
  // Given and family name written the wrong way round.
  return givenA.some((one) => one === familyB) && givenB.some((one) => one === familyA);
}

/** Ids of the people in a list whose name is like that of another person in it. */
export function similarNames(people: readonly (Named & { readonly id: string })[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [index, one] of people.entries())
    for (const other of people.slice(index + 1))
      if (one.id !== other.id && namesAlike(one, other)) found.add(one.id).add(other.id);
  return found;
}
