import { dateSchema } from "#domain/kernel/instant.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const word = `(?:${months.join("|")})[a-z]*\\.?`;

/** How people write a date, most telling first: 1961-03-09 · 9 Mar 1961 · Mar 9, 1961 · 3/9/1961 · 03091961. */
const forms: readonly {
  readonly pattern: RegExp;
  readonly order: readonly ["y" | "m" | "d", string, string];
}[] = [
  { pattern: /\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b/, order: ["y", "m", "d"] },
  { pattern: new RegExp(`\\b(\\d{1,2})\\s+(${word})\\s*,?\\s*(\\d{4})\\b`, "i"), order: ["d", "m", "y"] },
  { pattern: new RegExp(`\\b(${word})\\s*(\\d{1,2})\\s*,?\\s*(\\d{4})\\b`, "i"), order: ["m", "d", "y"] },
  { pattern: /\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})\b/, order: ["m", "d", "y"] },
  { pattern: /\b(\d{2})(\d{2})((?:19|20)\d{2})\b/, order: ["m", "d", "y"] },
];

const pad = (number: number): string => String(number).padStart(2, "0");

function monthOf(text: string): number {
  const number = Number(text);
  return Number.isNaN(number) ? months.indexOf(text.slice(0, 3).toLowerCase()) + 1 : number;
}

/** A two-digit year is the last one that is not in the future. */
function yearOf(text: string, today: string): number {
  if (text.length === 4) return Number(text);
  const century = Number(today.slice(0, 2)) * 100;
  const year = century + Number(text);
  return year > Number(today.slice(0, 4)) ? year - 100 : year;
}

export interface FoundDate {
  /** `1961-03-09` */
  readonly date: string;
  /** The text without the date. */
  readonly rest: string;
}

/**
 * Finds a birth date inside what somebody typed. Numbers are month, day, year, and day first where only that makes sense;
 * a date in the future is none.
 */
export function findBirthDate(text: string, today: string): FoundDate | null {
  for (const { pattern, order } of forms) {
    const match = pattern.exec(text);
    if (!match) continue;
    const part = (name: string) => match[order.indexOf(name as "y") + 1]!;
    let [month, day] = [monthOf(part("m")), Number(part("d"))];
    if (month > 12 && day <= 12) [month, day] = [day, month];
    const date = `${String(yearOf(part("y"), today)).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
    if (!dateSchema.safeParse(date).success || date > today) continue;
    return {
      date,
      rest: `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`.trim(),
    };
  }
  return null;
}

/** A birth date typed on its own, or null while it is none. */
export function typedBirthDate(text: string, today: string): string | null {
  const found = findBirthDate(text.trim(), today);
  return found && found.rest === "" ? found.date : null;
}
