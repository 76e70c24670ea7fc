import { isAdverb, isBaseForm, isUnchanging, thirdPerson } from "./verbs.ts";

/** How the patient is called in a note. Without a known sex always "the patient". */
export interface Pronouns {
  readonly subject: string;
  readonly object: string;
  readonly possessive: string;
  readonly owned: string;
  readonly reflexive: string;
}

const he: Pronouns = { subject: "he", object: "him", possessive: "his", owned: "his", reflexive: "himself" };
const she: Pronouns = {
  subject: "she",
  object: "her",
  possessive: "her",
  owned: "hers",
  reflexive: "herself",
};
const patient: Pronouns = {
  subject: "the patient",
  object: "the patient",
  possessive: "the patient's",
  owned: "the patient's",
  reflexive: "themselves",
};

export function pronounsFor(sex: string | undefined): Pronouns {
  if (/^m(?:ale)?$/i.test(sex ?? "")) return he;
  if (/^f(?:emale)?$/i.test(sex ?? "")) return she;
  return patient;
}

/** Words that rewriting may bring in. Every other word of a draft sentence was said. */
export const introducedWords: ReadonlySet<string> = new Set([
  ...`the patient patient's he she him her his hers himself herself themselves`.split(" "),
  ...`is are am was has had have does do will would not i we`.split(" "),
]);

/** A word of the sentence with the marks around it. */
interface Token {
  readonly before: string;
  readonly word: string;
  readonly after: string;
}

const tokensOf = (text: string): Token[] =>
  text.split(/\s+/).map((piece) => {
    const [, before = "", word = "", after = ""] = /^([^\p{L}\d]*)(.*?)([^\p{L}\d%]*)$/u.exec(piece) ?? [];
    return { before, word, after };
  });

const lower = (token: Token | undefined): string => (token?.word ?? "").toLowerCase();

const contracted: Record<string, string> = { "'m": "is", "'re": "is", "'ve": "has", "'ll": "will" };
const beforeThird: Record<string, string> = {
  am: "is",
  are: "is",
  were: "was",
  have: "has",
  do: "does",
  "don't": "does not",
  "haven't": "has not",
  "aren't": "is not",
  "weren't": "was not",
};
const participle = /^(?:been|had|gone|taken|done|seen|gotten|given|\w+ed|\w+en)$/;

/** What `'d` stands for before the next word. */
const hadOrWould = (next: string): string => (participle.test(next) ? "had" : "would");

class CannotRewrite extends Error {}

/** Gives the verb after a subject its third person; adverbs may stand between. Changes `tokens`. */
function conjugate(tokens: Token[], at: number): void {
  let i = at;
  while (tokens[i] && isAdverb(lower(tokens[i])) && tokens[i]!.after === "") i++;
  const token = tokens[i];
  const verb = lower(token);
  const form = beforeThird[verb] ?? thirdPerson(verb);
  if (token && form) tokens[i] = { ...token, word: form };
  else if (!token || !isUnchanging(verb)) throw new CannotRewrite(verb);
}

/** Where a verb can follow: not after words that make "you" their object. */
const takesObject =
  /^(?:for|to|with|on|of|from|about|by|than|give|gave|giving|put|putting|send|sending|refer|referring|start|starting|get|getting|help|helps|helping|let|lets|letting|make|makes|making|have|having|want|wants|like|need|needs|see|seeing|keep|keeping|call|ask|tell|show|bring|switch|wean|monitor|recommend|prescribe|prescribing|schedule|set)$/;

const isVerbAhead = (tokens: readonly Token[], at: number): boolean => {
  let i = at;
  while (tokens[i] && isAdverb(lower(tokens[i]))) i++;
  const word = lower(tokens[i]);
  return isBaseForm(word) || isUnchanging(word) || word in beforeThird;
};

function rewriteFirst(
  tokens: Token[],
  i: number,
  { subject, object, possessive, owned, reflexive }: Pronouns,
): void {
  const token = tokens[i]!;
  const word = token.word.toLowerCase();
  const put = (text: string) => {
    tokens[i] = { ...token, word: text };
  };
  if (word === "i") {
    conjugate(tokens, i + 1);
    put(subject);
  } else if (word === "i'd") put(`${subject} ${hadOrWould(lower(tokens[i + 1]))}`);
  else if (/^i'(?:m|ve|ll)$/.test(word)) put(`${subject} ${contracted[word.slice(1)]}`);
  else if (word === "my") put(possessive);
  else if (word === "me") put(object);
  else if (word === "mine") put(owned);
  else if (word === "myself") put(reflexive);
  else if (/^(?:we|us|our|ours|ourselves|you|your|yours|yourself)(?:'\w+)?$/.test(word))
    throw new CannotRewrite(word);
}

function rewriteSecond(
  tokens: Token[],
  i: number,
  { subject, object, possessive, owned, reflexive }: Pronouns,
): void {
  const token = tokens[i]!;
  const word = token.word.toLowerCase();
  const put = (text: string) => {
    tokens[i] = { ...token, word: text };
  };
  if (word === "you") {
    const asObject = i > 0 && takesObject.test(lower(tokens[i - 1])) && tokens[i - 1]!.after === "";
    if (token.after === "" && !asObject && isVerbAhead(tokens, i + 1)) {
      conjugate(tokens, i + 1);
      put(subject);
    } else if (i === 0) throw new CannotRewrite(word);
    else put(object);
  } else if (word === "you'd") put(`${subject} ${hadOrWould(lower(tokens[i + 1]))}`);
  else if (/^you'(?:re|ve|ll)$/.test(word)) put(`${subject} ${contracted[word.slice(3)]}`);
  else if (word === "your") put(possessive);
  else if (word === "yours") put(owned);
  else if (word === "yourself") put(reflexive);
}

const written = (tokens: readonly Token[]): string =>
  tokens.map(({ before, word, after }) => before + word + after).join(" ");

function finished(text: string): string {
  const bare = text.replace(/[\s,;.!…]+$/u, "").trim();
  return bare === "" ? "" : `${bare[0]!.toUpperCase()}${bare.slice(1)}.`;
}

const apply = (text: string, rewrite: typeof rewriteFirst, pronouns: Pronouns): string | null => {
  const tokens = tokensOf(text);
  try {
    for (let i = 0; i < tokens.length; i++) rewrite(tokens, i, pronouns);
  } catch (error) {
    if (error instanceof CannotRewrite) return null;
    throw error;
  }
  return finished(written(tokens));
};

/** A patient's sentence about themselves in the third person. Null when a word cannot be rewritten safely. */
export const aboutThePatient = (text: string, pronouns: Pronouns): string | null =>
  apply(text, rewriteFirst, pronouns);

const plans: [RegExp, string][] = [
  [/\b(?:i'm|i am) (?:going to|gonna) /gi, "I will "],
  [/\b(?:we're|we are) (?:going to|gonna) /gi, "we will "],
  [/\bi'll /gi, "I will "],
  [/\bwe'll /gi, "we will "],
  [/^let's /gi, "we will "],
];

/** A clinician's sentence to the patient, as the clinician would note it. "I" and "we" stay: the clinician signs. */
export function asTheClinicianNotes(text: string, pronouns: Pronouns): string | null {
  const planned = plans
    .reduce((said, [pattern, put]) => said.replace(pattern, put), text)
    .replace(/\bi(?=\b(?!\.))/g, "I");
  return apply(planned, rewriteSecond, pronouns);
}

export const speaksOfSelfOrOther = (text: string): boolean =>
  /\b(?:i|i'm|i've|i'd|i'll|my|me|mine|myself|we|our|us|you|you're|you've|your|yours)\b/i.test(text);
