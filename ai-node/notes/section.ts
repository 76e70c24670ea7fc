import type { DraftSectionId } from "#domain/ai/job.ts";
import * as cue from "./cues.ts";
import { drugsIn } from "./drugs.ts";

/** A place in the note and how sure the engine is of it. */
export interface Placement {
  readonly section: DraftSectionId;
  readonly heading?: string;
  /** Sum of the cues that spoke for it; the draft's confidence follows from it. */
  readonly score: number;
}

/** Less than this and the sentence is small talk. */
const WORTH_NOTING = 2;

const points = (text: string, cues: readonly (readonly [RegExp, number])[]): number =>
  cues.reduce((sum, [pattern, weight]) => sum + (pattern.test(text) ? weight : 0), 0);

function subjectiveHeading(text: string): string | undefined {
  if (cue.allergy.test(text)) return "Allergies";
  if (cue.family.test(text) && cue.history.test(text)) return "Family history";
  if (drugsIn(text).length > 0 || cue.medicationWord.test(text)) return "Medications";
  if (/\b(?:smok\w*|cigarettes?|vap\w*|alcohol|beers?|wine|marijuana)\b/i.test(text)) return "Social history";
  return undefined;
}

const subjectiveScore = (text: string): number =>
  points(text, [
    [cue.symptom, 2],
    [cue.bodyPart, 1],
    [cue.timeCourse, 1],
    [cue.history, 2],
    [cue.social, 1.5],
    [cue.family, 1],
    [cue.allergy, 2],
    [cue.medicationWord, 2],
    [/\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\b/i, 0.5],
  ]) + (drugsIn(text).length > 0 ? 2 : 0);

const examSystems: readonly (readonly [string, RegExp])[] = [
  [
    "Vitals",
    /\b(?:blood pressure|heart rate|pulse|temperature|oxygen|saturation|respirat\w+ rate|weight)\b/i,
  ],
  ["Respiratory", /\b(?:lungs?|breath\w*|wheez\w*|crackles|rales|rhonchi)\b/i],
  ["Cardiovascular", /\b(?:heart|murmurs?|gallops?|rate and rhythm|edema|pulses?)\b/i],
  ["Abdomen", /\b(?:abdomen|belly|stomach|bowel|distended)\b/i],
  ["Head and neck", /\b(?:throat|tonsils|ears?|ear ?drums?|nose|neck|lymph|sinus\w*|pupils|eyes?)\b/i],
  ["Skin", /\b(?:skin|rash|erythema|lesion)\b/i],
  ["Neurological", /\b(?:reflex\w*|sensation|strength|gait)\b/i],
  [
    "Musculoskeletal",
    /\b(?:knees?|shoulders?|back|hips?|ankles?|feet|foot|elbows?|wrists?|hands?|spine|joints?|range of motion)\b/i,
  ],
];

const examHeading = (text: string): string | undefined =>
  examSystems.find(([, pattern]) => pattern.test(text))?.[0];

const placed = (section: DraftSectionId, score: number, heading: string | undefined): Placement =>
  heading === undefined ? { section, score } : { section, score, heading };

/** Where a patient's statement belongs. Null: small talk. */
export function placePatient(text: string): Placement | null {
  const score = subjectiveScore(text);
  return score < WORTH_NOTING ? null : placed("subjective", score, subjectiveHeading(text));
}

/**
 * Where a clinician's statement belongs. Every section collects points for its cues; the best one wins, and a plan
 * wins over the rest in a draw, because what is going to be done must not be missed.
 */
export function placeClinician(text: string): Placement | null {
  if (cue.introduction.test(text)) return placed("subjective", 3, undefined);
  const plan =
    points(text, [
      [cue.planned, 1.5],
      [cue.planAct, 1.5],
      [cue.opinion, 1.5],
      [cue.assessed, 1],
      [cue.medicationWord, 0.5],
      [cue.history, 0.5],
      [/\bin (?:\w+ )?(?:days?|weeks?|months?)\b/i, 0.5],
    ]) + (drugsIn(text).length > 0 ? 1 : 0);
  const future = cue.planned.test(text) && cue.planAct.test(text);
  const exam = future
    ? 0
    : points(text, [
        [cue.examFinding, 2],
        [cue.iFind, 1],
        [cue.vital, 3],
        [cue.bodyPart, 0.5],
      ]);
  const result = future ? 0 : cue.resultWord.test(text) && cue.resultVerb.test(text) ? 3 : 0;
  const recap = /\byou(?:'ve|'re| have| had| were| said| mentioned| told)\b/i.test(text)
    ? subjectiveScore(text) - 1
    : 0;
  const best = Math.max(plan, exam, result, recap);
  if (best < WORTH_NOTING) return null;
  if (plan === best) return placed("assessment_and_plan", plan, undefined);
  if (exam === best) return placed("objective_exam", exam, examHeading(text));
  if (result === best) return placed("objective_results", result, undefined);
  return placed("subjective", recap, subjectiveHeading(text));
}
