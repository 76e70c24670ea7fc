const ones =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** A whole number below a million in words; anything else stays as it is. */
function inWords(digits: string): string {
  const value = Number(digits);
  if (!Number.isInteger(value) || value >= 1_000_000) return digits;
  if (value < 20) return ones[value]!;
  if (value < 100)
    return value % 10 === 0 ? tens[value / 10]! : `${tens[Math.floor(value / 10)]} ${ones[value % 10]}`;
  const [size, name] = value < 1000 ? [100, "hundred"] : [1000, "thousand"];
  const rest = value % size;
  return `${inWords(String(Math.floor(value / size)))} ${name}${rest ? ` ${inWords(String(rest))}` : ""}`;
}

const hesitations = new Set(["um", "uh", "uhm", "hmm", "mm", "er", "erm", "ah"]);

/** Words as they are compared: lower case, numbers in words, without punctuation and hesitations. */
export const normalisedWords = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/\d+/g, (digits) => ` ${inWords(digits)} `)
    .replace(/[^\p{L}\d']+/gu, " ")
    .split(" ")
    .filter((word) => word && !hesitations.has(word));

/**
 * Word error rate: the fewest insertions, deletions and substitutions that turn the hypothesis into the reference,
 * per word of the reference. Can exceed 1.
 */
export function wordErrorRate(reference: string, hypothesis: string): number {
  const wanted = normalisedWords(reference);
  const found = normalisedWords(hypothesis);
  if (wanted.length === 0) return found.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: found.length + 1 }, (_, j) => j);
  for (const [i, word] of wanted.entries()) {
    const row = [i + 1];
    for (let j = 0; j < found.length; j++) {
      const substituted = previous[j]! + (word === found[j] ? 0 : 1);
      row.push(Math.min(substituted, previous[j + 1]! + 1, row[j]! + 1));
    }
    previous = row;
  }
  return previous.at(-1)! / wanted.length;
}
