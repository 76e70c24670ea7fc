import { introducedWords } from "./person.ts";
import { splitSentences } from "./utterance.ts";
import { thirdPerson } from "./verbs.ts";
import { isNegation, isNumber, wordsOf } from "./words.ts";

export type Unsupported =
  | "no_evidence"
  | "word_not_said"
  | "number_not_said"
  | "side_not_said"
  | "negation_differs";

export type Verdict =
  | { readonly supported: true }
  | { readonly supported: false; readonly reason: Unsupported; readonly word?: string };

const sides = new Set(["left", "right", "bilateral", "both"]);

/** Every word said, and the third person of every listed verb said. */
function saidWords(texts: readonly string[]): Set<string> {
  const said = new Set(texts.flatMap(wordsOf));
  for (const word of [...said]) {
    const third = thirdPerson(word);
    if (third) said.add(third);
  }
  return said;
}

const overlap = (words: ReadonlySet<string>, sentence: string): number =>
  wordsOf(sentence).filter((word) => words.has(word)).length;

const negationsIn = (text: string): number => wordsOf(text).filter(isNegation).length;

/** The sentence of the evidence that a draft sentence was made of: the one that shares most words. */
function closest(sentence: string, texts: readonly string[]): string {
  const words = new Set(wordsOf(sentence));
  const candidates = texts.flatMap(splitSentences);
  return candidates.reduce(
    (best, next) => (overlap(words, next) > overlap(words, best) ? next : best),
    candidates[0]!,
  );
}

/** A leading "No, I …" answers the question before; the sentence after it stands by itself. */
const withoutAnswer = (text: string): string =>
  text.replace(/^\W*(?:(?:um|uh|oh|well)\W+)*(?:no|nope|nah), /i, "");

/**
 * Whether a draft sentence says nothing but what its evidence says.
 *
 * A **content word** is every word and number of the sentence that is not in the closed list `introducedWords` (the
 * pronouns and auxiliaries that the change of person brings in). Each content word must occur in the evidence, the
 * same spelling or as the base form of a listed verb (`feels` ← `feel`). Numbers and sides must occur as they are.
 * The sentence must be as often negated as the evidence sentence it was made of.
 *
 * @param sentence draft sentence
 * @param evidence texts of the cited segments
 */
export function verifySentence(sentence: string, evidence: readonly string[]): Verdict {
  if (evidence.length === 0 || evidence.every((text) => wordsOf(text).length === 0)) {
    return { supported: false, reason: "no_evidence" };
  }
  const said = saidWords(evidence);
  for (const word of wordsOf(sentence)) {
    if (said.has(word) || introducedWords.has(word)) continue;
    const reason = isNumber(word) ? "number_not_said" : sides.has(word) ? "side_not_said" : "word_not_said";
    return { supported: false, reason, word };
  }
  const source = closest(sentence, evidence);
  const negations = negationsIn(sentence);
  if (negations !== negationsIn(source) && negations !== negationsIn(withoutAnswer(source))) {
    return { supported: false, reason: "negation_differs" };
  }
  return { supported: true };
}
