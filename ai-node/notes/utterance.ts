import type { Speaker } from "#domain/ai/job.ts";
import { detokenised, wordsOf } from "./words.ts";

/** A segment as the engine reads it: from a recording or from another program. */
export interface SpokenSegment {
  readonly id: string;
  readonly speaker: Speaker;
  readonly text: string;
}

/** One sentence as it was said. */
export interface Utterance {
  readonly segmentId: string;
  readonly speaker: Speaker;
  readonly text: string;
  /** Asked, not stated. */
  readonly question: boolean;
  /** The question that it answers, when it follows one directly. */
  readonly answers?: Utterance | undefined;
}

const NUMBER_WORD = "(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\\d+)";
const spokenPoint = new RegExp(`\\b(${NUMBER_WORD}) \\. (?=${NUMBER_WORD}\\b)`, "gi");
/** Stands for a full stop that ends no sentence. */
const KEPT_STOP = "\u0001";
const LONG_WORDS = 28;
const LONGEST_PIECE = 22;
const SHORTEST_PIECE = 7;
const cueBefore =
  / (?=(?:so|and then|and so|but|okay|alright|now|and i|and you|and we|and your|let's|because|i'm going to|i want to|we'll|we're going to|i'd like|any|have you|do you|are you|did you|how's|how about) )/i;

/** Splits a long unpunctuated stretch before words that usually begin a new thought. */
function splitLong(sentence: string): string[] {
  if (sentence.split(" ").length <= LONG_WORDS) return [sentence];
  const pieces: string[] = [];
  let current = "";
  for (const piece of sentence.split(cueBefore)) {
    const joined = current ? `${current} ${piece}` : piece;
    const full = joined.split(" ").length > LONGEST_PIECE && current.split(" ").length >= SHORTEST_PIECE;
    if (current && full) {
      pieces.push(current);
      current = piece;
    } else current = joined;
  }
  return current ? [...pieces, current] : pieces;
}

/** Sentences of a segment. Decimals ("6.7", "six . seven"), titles and times stay whole. */
export function splitSentences(text: string): string[] {
  return detokenised(text)
    .replace(/\s+/g, " ")
    .replace(spokenPoint, `$1 ${KEPT_STOP} `)
    .replace(/ +\.(?= |$)/g, ".")
    .replace(/(\d)\.(?=\d)/g, `$1${KEPT_STOP}`)
    .replace(/\b(dr|mr|mrs|ms|st|vs|approx|[ap]\.m)\./gi, `$1${KEPT_STOP}`)
    .split(/(?<=[.?!…])\s+/)
    .flatMap(splitLong)
    .map((sentence) => sentence.replaceAll(KEPT_STOP, ".").trim())
    .filter((sentence) => wordsOf(sentence).length > 0);
}

const LEAD =
  "(?:(?:okay|ok|so|and|but|well|um|uh|alright|all right|now|great|good|right|or|then|yeah|mm-hmm)[,.]? +)*";
const AUXILIARY =
  "(?:do|did|does|have|has|had|are|is|was|were|can|could|would|will|should|may|am|don't|didn't|haven't|isn't|aren't)";
const SUBJECT =
  "(?:you|your|it|he|she|they|there|that|this|these|those|i|we|the|any|anybody|anyone|anything)";
const inversion = new RegExp(`(?:^|[,;] *)${LEAD}${AUXILIARY} ${SUBJECT}\\b`, "i");
const innerInversion =
  /\b(?:do|did|does|are|were|have|has|is|was|can|could|would|will) (?:you|it|he|she|they|there)\b/i;
const wondering = new RegExp(
  `^${LEAD}(?:how|why|whose|(?:what|when|where|who|which)(?:'s|'re)? (?:\\w+ ){0,3}?(?:is|are|was|were|do|does|did|have|has|had|can|could|would|will|should|about|brings|brought|seems|else|happened|kind|sort|time)\\b)`,
  "i",
);
const statementAfterWhat = new RegExp(
  `^${LEAD}what (?:i|we)(?:'d|'ll|'m|'re| am| are| will| would| want| think| need)`,
  "i",
);
const bareList = new RegExp(`^${LEAD}(?:any|anything|ever|what about|how about|no other)\\b`, "i");
/** "I'd like to have you come back", "will have you": arrangements, not questions. */
const arrangement = /\b(?:to|will|i'll|we'll|gonna|would) (?:have|see) (?:you|it)\b/gi;

/** Whether a sentence asks, with or without a question mark. Doubt counts as asking: a question is never asserted. */
export function isQuestion(sentence: string): boolean {
  const text = sentence.toLowerCase().replaceAll("’", "'").replace(arrangement, "arrange");
  if (text.includes("?")) return true;
  if (statementAfterWhat.test(text)) return false;
  return inversion.test(text) || innerInversion.test(text) || wondering.test(text) || bareList.test(text);
}

const beginsWithAnswer =
  /^(?:(?:um|uh|oh|well|okay|hmm)[,.]? +)*(?:yes|yeah|yep|yup|no|nope|nah|not really|correct|right|sure|uh-huh|mm-hmm|i do|i have|i did|i am|i don't|i haven't|i didn't|i'm not)\b/i;
/** Plans, findings and numbers are statements, whatever the patient answers. */
const stating =
  /\b(?:i'm going to|i will|i'll|we'll|we will|we're going to|let's|i'd like|i want|i recommend|recommend|prescribe|order|start|continue|looks?|shows?|showed|sounds|normal|clear|tender|murmur|your (?:blood pressure|heart|lungs|labs?|results?|x-ray|a1c|cholesterol|exam) (?:is|are|was|were))\b|\d/i;

/**
 * A statement about the patient that the patient then answers with yes or no was a question whose mark was lost
 * ("you take lisinopril" – "no").
 */
function askedByAnswer(sentence: string, next: SpokenSegment | undefined): boolean {
  if (!next || next.speaker === "clinician" || !beginsWithAnswer.test(next.text)) return false;
  if (stating.test(sentence)) return false;
  return /\byou(?:r|'re|'ve)?\b/i.test(sentence) || wordsOf(sentence).length <= 12;
}

/** Every sentence of the segments in order, with questions told from statements and answers tied to questions. */
export function utterancesOf(segments: readonly SpokenSegment[]): Utterance[] {
  const all: Utterance[] = [];
  let asked: Utterance | undefined;
  for (const [i, segment] of segments.entries()) {
    const sentences = splitSentences(segment.text);
    const own: Utterance[] = [];
    for (const [n, text] of sentences.entries()) {
      const last = n === sentences.length - 1;
      const asks = segment.speaker !== "patient" && last && askedByAnswer(text, segments[i + 1]);
      const question = isQuestion(text) || asks;
      const answers = n === 0 && asked && asked.speaker !== segment.speaker ? asked : undefined;
      own.push({ segmentId: segment.id, speaker: segment.speaker, text, question, answers });
    }
    all.push(...own);
    const lastOwn = own.at(-1);
    if (lastOwn) asked = lastOwn.question ? lastOwn : undefined;
  }
  return all;
}
