import type { Medication } from "#domain/medication/index.ts";
import { emptyContent, type NoteContent } from "#domain/note/index.ts";
import type { Vitals } from "#domain/vitals/index.ts";
import { type TrialCondition, trialConditions } from "./trial-conditions.ts";
import {
  appearances,
  closings,
  denials,
  generalExams,
  lives,
  openings,
  resultLines,
  resultRemarks,
} from "./trial-phrases.ts";
import type { TrialRandom } from "./trial-random.ts";

/** What a note is written from: the patient's own chart, so that no drug and no value in it is invented. */
export interface NoteFacts {
  readonly conditions: readonly { readonly code: string | null }[];
  readonly medications: readonly Pick<Medication, "drug" | "name" | "dose" | "frequency">[];
  readonly vitals: Pick<Vitals, "measurements">;
}

/** Hands out sentences so that each is used once before any is used again. */
export class Phrases {
  readonly #random: TrialRandom;
  readonly #left = new Map<readonly string[], string[]>();

  constructor(random: TrialRandom) {
    this.#random = random;
  }

  take(list: readonly string[]): string {
    const left = this.#left.get(list)?.length ? this.#left.get(list)! : this.#random.shuffled(list);
    this.#left.set(list, left.slice(1));
    return left[0]!;
  }
}

const conditionOf = (code: string | null): TrialCondition | undefined =>
  trialConditions.find((one) => one.code === code);

/** The signed note of a trial visit: four sections, from the chart alone. */
export function trialNote(facts: NoteFacts, phrases: Phrases, random: TrialRandom): NoteContent {
  const told = facts.conditions.flatMap(({ code }) => conditionOf(code) ?? []).slice(0, 2);
  const subjective = [
    phrases.take(openings),
    ...told.flatMap(({ history }) => [phrases.take(history)]),
    phrases.take(lives),
    ...random.shuffled([phrases.take(denials), phrases.take(denials)]),
  ];
  const exam = [
    phrases.take(appearances),
    ...random.shuffled([
      ...told.map(({ exam }) => phrases.take(exam)),
      phrases.take(generalExams),
      phrases.take(generalExams),
    ]),
  ];
  const results = [values(phrases.take(resultLines), facts.vitals), phrases.take(resultRemarks)];
  const plan = [...told.map((condition) => planFor(condition, facts, phrases)), phrases.take(closings)];
  const typed = (text: string) => [{ text, origin: "typed" as const }];
  return {
    ...emptyContent(),
    subjective: typed(subjective.join(" ")),
    objective_exam: typed(exam.join(" ")),
    objective_results: typed(results.join(" ")),
    assessment_and_plan: typed(plan.join("\n")),
  };
}

function planFor(condition: TrialCondition, facts: NoteFacts, phrases: Phrases): string {
  const taken = facts.medications.find(({ drug }) => condition.medications.some((one) => one.drug === drug));
  const line = phrases.take(condition.plan);
  const med = taken ? `${taken.name} ${taken.dose} ${taken.frequency}` : "the measures agreed on";
  return `${condition.short}: ${line.replaceAll("{med}", med)}`.replace(
    /([.;!?] )([a-z])/g,
    (_, gap, letter) => (gap.startsWith(";") ? gap + letter : gap + letter.toUpperCase()),
  );
}

/** LOINC codes of what the vital signs line names. */
const placeholders = {
  hr: ["8867-4", "/min"],
  temp: ["8310-5", "°C"],
  weight: ["29463-7", "kg"],
  ox: ["59408-5", "%"],
} as const;

function values(line: string, { measurements }: NoteFacts["vitals"]): string {
  const measured = (code: string) => measurements.find((one) => one.code === code)?.value;
  let text = line.replace("{bp}", `${measured("8480-6")}/${measured("8462-4")}`);
  for (const [name, [code, unit]] of Object.entries(placeholders))
    text = text.replace(`{${name}}`, `${measured(code)} ${unit}`);
  return text;
}
