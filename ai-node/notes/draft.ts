import {
  type DraftChart,
  type DraftOmitted,
  type DraftRemoved,
  type DraftSectionId,
  type DraftSentence,
  draftSectionIdSchema,
  type NoteDraft,
} from "#domain/ai/job.ts";
import { monotonic } from "#domain/kernel/clock.ts";
import { clinicianScore } from "../speech/roles.ts";
import { symptom, toAssistant } from "./cues.ts";
import { repairsItself, withoutDisfluencies } from "./disfluency.ts";
import { drugsIn } from "./drugs.ts";
import { medicationsOf } from "./medications.ts";
import {
  aboutThePatient,
  asTheClinicianNotes,
  type Pronouns,
  pronounsFor,
  speaksOfSelfOrOther,
} from "./person.ts";
import { type Placement, placeClinician, placePatient } from "./section.ts";
import { type SpokenSegment, type Utterance, utterancesOf } from "./utterance.ts";
import { verifySentence } from "./verify.ts";
import { isContent, isNumber, wordsOf } from "./words.ts";

/**
 * The default note engine, without a language model: it chooses sentences, drops disfluencies, turns them to the
 * third person and says where they belong. What it cannot carry over safely it leaves out and lists.
 */
export const engine = { id: "extractive", version: "1.0.0" };

const LONGEST_TEXT = 2_000;
const LONGEST_LIST = 2_000;
/** Confidence grows with the cues that placed a sentence, from one half up to this. */
const MOST_CONFIDENT = 0.95;

interface Collected {
  readonly sentences: Record<DraftSectionId, DraftSentence[]>;
  readonly statements: Utterance[];
  readonly omitted: DraftOmitted[];
  readonly removed: DraftRemoved[];
}

type Role = "clinician" | "patient" | "bystander";

/** Whose words these are. An unknown voice is believed to be who it sounds like, sentence by sentence. */
function roleOf({ speaker, text }: Utterance): Role {
  if (speaker === "clinician" || speaker === "patient") return speaker;
  if (speaker === "other") return "bystander";
  const score = clinicianScore([text]);
  return score > 0 ? "clinician" : score < 0 ? "patient" : "bystander";
}

const usable = ({ text }: SpokenSegment): boolean => !/\[[^\]]*\]/.test(text) && wordsOf(text).length > 0;

const worthKeeping = (text: string): boolean => wordsOf(text).some(isContent);

const kindOf = (utterance: Utterance): DraftOmitted["kind"] => {
  if (utterance.question) return drugsIn(utterance.text).length > 0 ? "medication" : "question";
  if (drugsIn(utterance.text).length > 0) return "medication";
  if (symptom.test(utterance.text)) return "symptom";
  return wordsOf(utterance.text).some(isNumber) ? "number" : "unclear";
};

/** A short answer that says nothing without its question. */
const hasVerb = (text: string): boolean =>
  /\b(?:is|are|was|were|am|has|have|had|do|does|did|will|would|can|could|feels?|hurts?|takes?|took|gets?|got|goes|went|comes?|came|started|works?|lives?|smokes?|drinks?|\w+ed|\w+n't|i'm|i've|it's|there's|that's|he's|she's)\b/i.test(
    text,
  );

function omit(into: Collected, utterance: Utterance, kind: DraftOmitted["kind"], evidence: string[]): void {
  if (into.omitted.length >= LONGEST_LIST || !worthKeeping(utterance.text)) return;
  into.omitted.push({ text: utterance.text.slice(0, LONGEST_TEXT), kind, evidence });
}

interface Rewriting {
  readonly text: string | null;
  readonly placement: Placement | null;
}

function rewritten(utterance: Utterance, clean: string, pronouns: Pronouns): Rewriting {
  const role = roleOf(utterance);
  if (role === "patient") return { text: aboutThePatient(clean, pronouns), placement: placePatient(clean) };
  if (role === "clinician")
    return { text: asTheClinicianNotes(clean, pronouns), placement: placeClinician(clean) };
  const text = speaksOfSelfOrOther(clean) ? null : asTheClinicianNotes(clean, pronouns);
  return { text, placement: placePatient(clean) };
}

function confidenceOf({ score }: Placement): number {
  return Number(Math.min(MOST_CONFIDENT, 0.5 + score * 0.08).toFixed(2));
}

/** Adds a sentence, or one more place of evidence to the same sentence. */
function add(list: DraftSentence[], sentence: DraftSentence): void {
  const same = list.findIndex(({ text }) => text.toLowerCase() === sentence.text.toLowerCase());
  if (same < 0) {
    if (list.length < LONGEST_LIST) list.push(sentence);
    return;
  }
  const known = list[same]!;
  list[same] = { ...known, evidence: [...new Set([...known.evidence, ...sentence.evidence])].slice(0, 40) };
}

type Outcome =
  | { readonly to: "note"; readonly section: DraftSectionId; readonly sentence: DraftSentence }
  | { readonly to: "omitted"; readonly kind: DraftOmitted["kind"]; readonly evidence: string[] }
  | { readonly to: "removed"; readonly sentence: DraftRemoved }
  | { readonly to: "nowhere" };

/** What becomes of a statement that nobody took back. */
function outcomeOf(utterance: Utterance, clean: string, pronouns: Pronouns): Outcome {
  const evidence = [utterance.segmentId];
  const withQuestion = utterance.answers && [utterance.answers.segmentId, utterance.segmentId];
  const { text, placement } = rewritten(utterance, clean, pronouns);
  if (withQuestion && (!placement || !hasVerb(clean)))
    return { to: "omitted", kind: "answer", evidence: withQuestion };
  if (!placement) return { to: "nowhere" };
  if (text === null || text.length > LONGEST_TEXT)
    return { to: "omitted", kind: kindOf(utterance), evidence };
  const verdict = verifySentence(text, [utterance.text]);
  if (!verdict.supported) return { to: "removed", sentence: { text, reason: verdict.reason, evidence } };
  const { section, heading } = placement;
  const confidence = confidenceOf(placement);
  return { to: "note", section, sentence: { text, ...(heading && { heading }), evidence, confidence } };
}

function takeStatement(into: Collected, utterance: Utterance, pronouns: Pronouns): void {
  const clean = withoutDisfluencies(utterance.text);
  if (!worthKeeping(clean)) return;
  if (repairsItself(utterance.text)) {
    omit(into, utterance, "unclear", [utterance.segmentId]);
    return;
  }
  into.statements.push(utterance);
  const outcome = outcomeOf(utterance, clean, pronouns);
  if (outcome.to === "note") add(into.sentences[outcome.section], outcome.sentence);
  if (outcome.to === "omitted") omit(into, utterance, outcome.kind, outcome.evidence);
  if (outcome.to === "removed" && into.removed.length < LONGEST_LIST) into.removed.push(outcome.sentence);
}

function takeQuestion(into: Collected, utterance: Utterance, next: Utterance | undefined): void {
  if (!symptom.test(utterance.text) && drugsIn(utterance.text).length === 0) return;
  const evidence = [utterance.segmentId];
  if (next?.answers === utterance) evidence.push(next.segmentId);
  omit(into, utterance, kindOf(utterance), evidence);
}

/**
 * Drafts a note from what was said. Questions are never asserted, no speech gives an empty draft, and every sentence
 * names the segment that says it.
 * @param segments in the order they were spoken, ids unique
 * @param chart gives the patient's sex for the wording; nothing else of it enters the text
 */
export function draftNote(segments: readonly SpokenSegment[], chart: DraftChart = {}): NoteDraft {
  const begun = monotonic();
  const pronouns = pronounsFor(chart.sex);
  const into: Collected = {
    sentences: { subjective: [], objective_exam: [], objective_results: [], assessment_and_plan: [] },
    statements: [],
    omitted: [],
    removed: [],
  };
  const utterances = utterancesOf(segments.filter(usable));
  for (const [i, utterance] of utterances.entries()) {
    if (toAssistant.test(utterance.text)) omit(into, utterance, "other", [utterance.segmentId]);
    else if (utterance.question) takeQuestion(into, utterance, utterances[i + 1]);
    else takeStatement(into, utterance, pronouns);
  }
  return {
    sections: draftSectionIdSchema.options
      .map((id) => ({ id, sentences: into.sentences[id] }))
      .filter(({ sentences }) => sentences.length > 0),
    medications: medicationsOf(into.statements).slice(0, 200),
    omitted: into.omitted,
    removed: into.removed,
    engine,
    milliseconds: Number((monotonic() - begun).toFixed(1)),
  };
}
