import type { Patient } from "#domain/patient/index.ts";
import { findBirthDate } from "../birth-date.ts";
import { forgiven, letterDistance, nameWords } from "../name-match.ts";

/** A record with what is compared, made once. */
export interface FinderEntry {
  /** Who is found by it: the record itself, or the one that it was merged into. */
  readonly patient: Patient;
  readonly birthDate: string;
  readonly family: readonly Word[];
  readonly given: readonly Word[];
  /** The letters of all its words: most people are told apart by them alone. */
  readonly letters: number;
  readonly phone: string;
  readonly record: string;
  /** Behind whom it stands: 1 the deceased, 2 who left and a merged record whose survivor is not here, 0 the others. */
  readonly standing: number;
}

interface Word {
  readonly text: string;
  /** One bit for each letter in it. */
  readonly letters: number;
}

const lettersOf = (text: string): number => {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits |= 1 << (text.charCodeAt(i) & 31);
  return bits;
};

const wordOf = (text: string): Word => ({ text, letters: lettersOf(text) });

const lettersIn = (words: readonly Word[]): number => words.reduce((bits, { letters }) => bits | letters, 0);

/** How many letters of one word are not in another: each is at least one slip. */
function missingLetters(typed: number, name: number): number {
  let rest = typed & ~name;
  let count = 0;
  for (; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

export const digitsOf = (text: string): string => text.replace(/\D/g, "");

export function finderEntry(record: Patient, patient: Patient = record): FinderEntry {
  const family = nameWords(record.familyName).map(wordOf);
  const given = [...nameWords(record.givenName), ...nameWords(record.preferredName)].map(wordOf);
  return {
    patient,
    birthDate: record.birthDate,
    family,
    given,
    letters: lettersIn([...family, ...given]),
    phone: digitsOf(record.phone),
    record: (record.recordNumber ?? "").toLowerCase(),
    standing: patient.mergedInto || !patient.active ? 2 : patient.deceasedOn ? 1 : 0,
  };
}

export interface FinderQuery {
  readonly birthDate: string | null;
  /** Words that must be in the name. With a comma the first ones are family names. */
  readonly words: readonly { readonly word: Word; readonly part: "any" | "family" | "given" }[];
  /** Digits of a phone or record number. */
  readonly digits: string;
  readonly record: string | null;
}

/** What somebody meant: `lopez, ana`, `ana 3/9/1961`, `(212) 555-0110`, `TRIAL-000001`, `42`. */
export function readQuery(text: string, today: string): FinderQuery {
  const record = /\b[a-z]+-\d{1,6}\b/i.exec(text)?.[0].toLowerCase() ?? null;
  if (record) return { birthDate: null, words: [], digits: "", record };
  const found = findBirthDate(text, today);
  const rest = found?.rest ?? text;
  const [before = "", after] = rest.split(",", 2);
  const part = after === undefined ? "any" : "family";
  const words = [
    ...nameWords(before).map((word) => ({ word: wordOf(word), part }) as const),
    ...nameWords(after ?? "").map((word) => ({ word: wordOf(word), part: "given" }) as const),
  ];
  return {
    birthDate: found?.date ?? null,
    words: words.filter(({ word }) => !/^\d+$/.test(word.text)),
    digits: digitsOf(rest),
    record: null,
  };
}

export const isEmptyQuery = (query: FinderQuery): boolean =>
  query.birthDate === null && query.words.length === 0 && query.digits === "" && query.record === null;

/** 4 the same word, 3 its beginning, 1 the same but for a slip, 0 another word. */
function wordScore(typed: Word, names: readonly Word[], slips: boolean): number {
  let best = 0;
  for (const name of names) {
    if (name.text === typed.text) return 4;
    if (name.text.startsWith(typed.text)) best = 3;
    else if (slips && best === 0 && slipped(typed, name)) best = 1;
  }
  return best;
}

/** Whether a name, or its beginning, is what was typed but for a slip or two. */
function slipped(typed: Word, name: Word): boolean {
  const { text } = typed;
  const most = forgiven(text.length);
  if (most === 0 || missingLetters(typed.letters, name.letters) > most) return false;
  return [name.text, name.text.slice(0, text.length + 1), name.text.slice(0, text.length)].some(
    (part) => letterDistance(text, part, most) <= most,
  );
}

function score(entry: FinderEntry, query: FinderQuery, slips: boolean): number {
  if (query.record !== null) {
    const [prefix = "", number = ""] = query.record.split("-");
    if (!entry.record.startsWith(prefix)) return 0;
    return Number(entry.record.slice(prefix.length + 1)) === Number(number) ? 10 : 0;
  }
  let sum = 0;
  if (query.birthDate !== null) {
    if (entry.birthDate !== query.birthDate) return 0;
    sum += 6;
  }
  if (query.digits !== "") {
    if (query.digits.length >= 3 && entry.phone.includes(query.digits)) sum += 5;
    else if (entry.record !== "" && Number(digitsOf(entry.record)) === Number(query.digits)) sum += 6;
    else return 0;
  }
  for (const { word, part } of query.words) {
    const family = part === "given" ? 0 : wordScore(word, entry.family, slips);
    const given = part === "family" ? 0 : wordScore(word, entry.given, slips);
    const found = Math.max(family * 1.1, given);
    if (found === 0) return 0;
    sum += found;
  }
  return sum;
}

interface Found {
  readonly entry: FinderEntry;
  readonly score: number;
}

const byFit = (a: Found, b: Found): number =>
  a.entry.standing - b.entry.standing ||
  b.score - a.score ||
  compare(a.entry.patient.familyName, b.entry.patient.familyName) ||
  compare(a.entry.patient.givenName, b.entry.patient.givenName);

/** The best few in their order, each person once by the record that fits best. One letter may fit thousands. */
class Best {
  readonly #most: number;
  readonly #list: Found[] = [];
  count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(found: Found): void {
    this.count++;
    const list = this.#list;
    const last = list.at(-1);
    if (list.length === this.#most && last && byFit(found, last) >= 0) return;
    const known = list.findIndex(({ entry }) => entry.patient === found.entry.patient);
    if (known >= 0 && byFit(found, list[known]!) >= 0) return;
    if (known >= 0) list.splice(known, 1);
    const place = list.findIndex((other) => byFit(found, other) < 0);
    list.splice(place < 0 ? list.length : place, 0, found);
    if (list.length > this.#most) list.pop();
  }

  get patients(): readonly Patient[] {
    return this.#list.map(({ entry }) => entry.patient);
  }
}

/**
 * The patients that fit, best first. Slips are forgiven only where few fit to the letter.
 * @param most how many are returned
 */
export function findPatients(
  entries: readonly FinderEntry[],
  text: string,
  today: string,
  most = 8,
): readonly Patient[] {
  const query = readQuery(text, today);
  if (isEmptyQuery(query)) return [];
  const typed = lettersIn(query.words.map(({ word }) => word));
  const search = (slips: boolean) => {
    const best = new Best(most);
    for (const entry of entries) {
      if (!slips && (typed & ~entry.letters) !== 0) continue;
      const points = score(entry, query, slips);
      if (points > 0) best.add({ entry, score: points });
    }
    return best;
  };
  let found = search(false);
  if (found.count < 3 && query.words.length > 0) found = search(true);
  return found.patients;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
