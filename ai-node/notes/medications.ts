import type { DraftMedication } from "#domain/ai/job.ts";
import { allergy, resultVerb } from "./cues.ts";
import { drugsIn, type NamedDrug } from "./drugs.ts";
import type { Utterance } from "./utterance.ts";

const NUMBER =
  "(?:\\d+(?:[.,]\\d+)?|half a|(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|point|and a half)[ -]?)+)";
const UNIT =
  "(?:mg|mcg|ml|milligrams?|micrograms?|grams?|units?|puffs?|tablets?|pills?|capsules?|drops|milliliters?|percent|%)";
const dosePattern = new RegExp(`\\b${NUMBER} ?${UNIT}(?![a-z])`, "gi");
const frequencyPattern =
  /\b(?:(?:once|twice|(?:one|two|three|four|five|\d+) times?) (?:a|per|every|each) (?:day|week|month|night)|(?:once|twice) (?:daily|weekly)|every (?:(?:other|single) )?(?:day|night|morning|evening|week|month|(?:\d+|two|three|four|six|eight|twelve) (?:to (?:\d+|two|three|four|six|eight|twelve) )?(?:hours?|days?|weeks?))|daily|nightly|weekly|at (?:bedtime|night)|in the (?:morning|evening)|as needed|with (?:meals|food)|(?:before|after) (?:meals|bed))\b/gi;

const statusCues: readonly (readonly [DraftMedication["status"], RegExp])[] = [
  ["stopping", /\b(?:stop\w*|quit|came off|come off|discontinu\w*|no longer|off (?:of )?(?:the|my|your))\b/i],
  [
    "not_taking",
    /\b(?:not|never|don't|do not|didn't|haven't|isn't|wasn't|can't) (?:\w+ ){0,2}?(?:taking|take|took|taken|on|use|using|used|tried)\b/i,
  ],
  [
    "changing",
    /\b(?:increas\w*|decreas\w*|go up|go down|rais\w*|lower\w*|switch\w*|chang\w*|doubl\w*|taper\w*)\b/i,
  ],
  [
    "starting",
    /\b(?:start\w*|prescri\w*|put you on|add|adding|begin|try(?:ing)? you|send(?:ing)? in|going to give)\b/i,
  ],
  ["taking", /\b(?:tak(?:e|es|ing)|took|on|us(?:e|es|ing)|continu\w*|refill\w*|still)\b/i],
];

/** What the sentence says about the drug. Prescribing words of a patient tell what happened, so they count as taking. */
function statusOf({ text, speaker }: Utterance): DraftMedication["status"] {
  const found = statusCues.find(([, pattern]) => pattern.test(text))?.[0] ?? "mentioned";
  return found === "starting" && speaker === "patient" ? "taking" : found;
}

/** What is said about one drug: up to the next drug, and back to the one before. */
function neighbourhood(
  text: string,
  drugs: readonly NamedDrug[],
  i: number,
): { before: string; after: string } {
  const drug = drugs[i]!;
  const end = drug.at + drug.name.length;
  const previous = drugs[i - 1];
  return {
    before: text.slice(previous ? previous.at + previous.name.length : 0, drug.at),
    after: text.slice(end, drugs[i + 1]?.at ?? text.length),
  };
}

const afterDrug = (found: RegExpExecArray[], text: string): string | undefined => {
  const near = found.find((match) => text.slice(0, match.index).split(/\s+/).filter(Boolean).length <= 4);
  return near?.[0].trim();
};
/** "ten milligrams of lisinopril": nothing but "of" or "dose of" may stand between. */
const beforeDrug = (found: RegExpExecArray[], text: string): string | undefined =>
  found.find((match) =>
    /^\s*(?:(?:dose )?of(?: the| my| your)?)?\s*$/i.test(text.slice(match.index + match[0].length)),
  )?.[0];

function entriesOf(utterance: Utterance): DraftMedication[] {
  const { text } = utterance;
  const drugs = drugsIn(text);
  const lab = (name: string) =>
    /^(?:potassium|calcium|magnesium|iron|testosterone)$/i.test(name) && resultVerb.test(text);
  return drugs.flatMap(({ name }, i) => {
    if (lab(name)) return [];
    const { before, after } = neighbourhood(text, drugs, i);
    const dose =
      afterDrug([...after.matchAll(dosePattern)], after) ??
      beforeDrug([...before.matchAll(dosePattern)], before);
    const frequency = [...after.matchAll(frequencyPattern)][0]?.[0];
    return [
      {
        name,
        ...(dose && { dose: dose.trim() }),
        ...(frequency && { frequency }),
        status: statusOf(utterance),
        evidence: [utterance.segmentId],
      },
    ];
  });
}

const sameAs = (a: DraftMedication, b: DraftMedication): boolean =>
  a.name.toLowerCase() === b.name.toLowerCase() &&
  a.status === b.status &&
  (a.dose === b.dose || !a.dose || !b.dose) &&
  (a.frequency === b.frequency || !a.frequency || !b.frequency);

/**
 * Drugs that were stated (never asked about), with dose and frequency exactly as said. The same statement made twice
 * is one entry with both places as evidence; another dose or status is an entry of its own, for a person to judge.
 */
export function medicationsOf(statements: readonly Utterance[]): DraftMedication[] {
  const list: DraftMedication[] = [];
  for (const entry of statements.filter(({ text }) => !allergy.test(text)).flatMap(entriesOf)) {
    const i = list.findIndex((known) => sameAs(known, entry));
    if (i < 0) list.push(entry);
    else {
      const known = list[i]!;
      list[i] = {
        ...known,
        ...entry,
        name: known.name,
        evidence: [...new Set([...known.evidence, ...entry.evidence])].slice(0, 40),
      };
    }
  }
  return list;
}
