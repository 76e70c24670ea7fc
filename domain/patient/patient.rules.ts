import { folded } from "../kernel/fold.ts";
import { ageOn } from "../kernel/instant.ts";
import type { Patient } from "./patient.schema.ts";

/** "Ana Trial-Lopez", with the preferred name in quotes where it differs. */
export const patientName = (patient: Pick<Patient, "givenName" | "familyName" | "preferredName">): string =>
  patient.preferredName && patient.preferredName !== patient.givenName
    ? `${patient.givenName} “${patient.preferredName}” ${patient.familyName}`
    : `${patient.givenName} ${patient.familyName}`;

/** Age in the unit people use: days for a newborn, months until two years, then years. */
export function ageOf(
  birthDate: string,
  today: string,
): { readonly unit: "day" | "month" | "year"; readonly count: number } {
  const years = ageOn(birthDate, today);
  if (years >= 2) return { unit: "year", count: years };
  const days = Math.floor(
    (Date.parse(`${today}T00:00:00Z`) - Date.parse(`${birthDate}T00:00:00Z`)) / 86_400_000,
  );
  if (days < 31) return { unit: "day", count: days };
  return { unit: "month", count: Math.floor(days / 30.44) };
}

const plain = (name: string): string => folded(name).replace(/[^\p{Letter}]/gu, "");

/** How many letters have to be put in, left out or changed to turn one word into the other. */
function lettersApart(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

const alike = (a: string, b: string): boolean => {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return (short.length >= 3 && long.startsWith(short)) || lettersApart(a, b) <= (short.length > 5 ? 2 : 1);
};

type Named = Pick<Patient, "givenName" | "familyName" | "preferredName" | "birthDate">;

/**
 * Whether somebody in a hurry could take one for the other (C04): family names that look alike with a given or preferred
 * name that looks alike, or with the same birth date.
 */
export function similarNames(a: Named, b: Named): boolean {
  if (!alike(plain(a.familyName), plain(b.familyName))) return false;
  if (a.birthDate === b.birthDate) return true;
  const names = (one: Named) => [one.givenName, one.preferredName].map(plain).filter(Boolean);
  return names(a).some((mine) => names(b).some((theirs) => alike(mine, theirs)));
}
