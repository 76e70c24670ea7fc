/** Words, and in lists of one the names of what is filled in: how Lingui wants a sentence. */
type Sentence = (string | [string])[];

const known = new Map<string, Sentence>();

/** Reads a sentence that holds nothing but words and `{names}`: "Born {date}" is `["Born ", ["date"]]`. */
export function withNames(sentence: string): Sentence {
  const found = known.get(sentence);
  if (found) return found;
  const tokens = sentence
    .split(/\{(\w+)\}/)
    .map((part, index): string | [string] => (index % 2 === 1 ? [part] : part))
    .filter((part) => part !== "");
  known.set(sentence, tokens);
  return tokens;
}
