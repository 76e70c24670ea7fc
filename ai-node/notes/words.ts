/**
 * Corpora and some recognisers write `do n't`, `wan na` and ` ,`: back to what people write. A full stop between two
 * numbers stays apart: it is a spoken point.
 */
export const detokenised = (text: string): string =>
  text
    .replaceAll("’", "'")
    .replace(/ n't\b/gi, "n't")
    .replace(/ '(s|re|ve|ll|d|m)\b/gi, "'$1")
    .replace(/\b(wan|gon|got) (na|ta)\b/gi, "$1$2")
    .replace(/ +([,?!])/g, "$1")
    .replace(/ +\.(?=\s*$)/g, ".");

/** Lower-case words and numbers of a text. `10.5`, `120/80`, `don't` and `x-ray` are one word each. */
export const wordsOf = (text: string): string[] =>
  detokenised(text)
    .toLowerCase()
    .match(/\d+(?:[.,:/]\d+)*%?|[\p{L}]+(?:['-][\p{L}\d]+)*/gu) ?? [];

const numberNames =
  `zero oh? one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
  sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half
  quarter once twice`
    .split(/\s+/)
    .filter((name) => !name.endsWith("?"));
const numberWords = new Set(numberNames);

export const isNumber = (word: string): boolean =>
  /^\d/.test(word) || word.split("-").every((w) => numberWords.has(w));

const negations =
  /^(?:no|not|never|none|nothing|neither|nor|without|cannot|denies|denied|nobody|nope|nah|.+n't)$/;
export const isNegation = (word: string): boolean => negations.test(word);

/** Words that carry no finding by themselves. Only used to judge whether an utterance is worth a sentence. */
const light = new Set(
  `a an the and or but so if then than that this these those there here it its i you we he she they me him her us them
  my your our his their is are was were be been being am do does did have has had will would can could should may might
  to of in on at for with from by as about up out off over into some any all more most very too also just now today know
  think guess mean like okay ok well good great right thing things stuff same what when where how who which why get got
  going go say said tell told see let yes yeah yep no not n't don't didn't doesn't haven't isn't wasn't i'm i've i'll i'd
  it's that's there's you're you've you'll we'll we're let's sure really actually um uh oh bit little lot kind sort
  nice fine much many back way come thank thanks please sorry hello hi hey bye morning afternoon`.split(
    /\s+/,
  ),
);

/** Whether a word can carry a finding: neither grammar nor small talk. */
export const isContent = (word: string): boolean => !light.has(word);
