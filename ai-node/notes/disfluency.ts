/**
 * Takes out what people say without meaning anything by it. Nothing else: hedges ("a little bit", "kind of"),
 * negations and numbers stay as said, and a sentence that the speaker repaired is not touched but given up.
 */
const fillers = /(^|[\s,])(?:um+|uh+|uhm|erm?|ah|hm+|mm+|mm-hmm|uh-huh|eh)(?=[\s,.!?…]|$)[,.…]*/gi;
/** A comma that only marked the filler: nobody pauses for grammar after these. */
const strandedComma =
  /\b(for|to|the|a|an|in|on|of|at|with|from|by|about|my|your|is|was|are|been|have|has|like|and|or),(?= [^ ])/gi;
const setOff = /, (?:you know|like|i mean|you see|i guess|let's see|honestly|basically|obviously),(?= )/gi;
/** "you know" as a pause, not "do you know", "if you know", "you know that". */
const youKnow =
  /(?<!\b(?:do|did|if|as|let|what|when|how|that|because|you're|did)),? \byou know\b,?(?! (?:that|how|what|if|about|the|your|where|who|why)\b)/gi;
const leadingFree =
  /^[\s,.;…–-]*(?:okay|ok|alright|all right|oh|yeah|yes|yep|yup|and|but|so(?! (?:far|much|many|long|that|bad)\b)|you know what|you know|i mean|i would say|i'd say)(?=[\s,.])[\s,.]*/i;
/** These mean something without the comma: "right knee", "well controlled", "now it hurts". */
const leadingWithComma =
  /^(?:well|right|now|great|good|perfect|sure|excellent|again|honestly|actually|basically|like|no problem|sounds good|of course|absolutely|thank you|thanks|definitely|correct|exactly)[,.] */i;
const leadingWell = /^well (?=(?:i|we|it|the|my|you|there|that)\b)/i;
const leadingNo = /^(?:no|nope|nah), (?=(?:i|i'm|i've|i'd|i'll|my|it|it's|there|we|not)\b)/i;
const trailing =
  /,? *(?:okay|ok|alright|all right|right|you know|and|but|so|or|though|thank you|thanks)(?=[.!…]*$)/i;
const goAhead = /\bgo ahead and /gi;
const repeated = /\b((?:[\p{L}']+ ){0,2}[\p{L}']+),? \1(?=[\s,.!?]|$)/giu;
/** A repetition that is grammar or emphasis, or a spoken row of digits. */
const meantTwice =
  /^(?:had|that|very|zero|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b/i;
/** Begun and broken off: "wo- won't". Only when the next word completes it. */
const begun = /\b([\p{L}]+)- (?=\1)/giu;

const selfRepair = [
  /\p{L}[–—-](?:\s|$)|\s[–—-]+\s|[–—]/u,
  /\b(?:no,? wait|wait,? no|scratch that|strike that|or rather|i meant|correction|let me rephrase|i misspoke)\b/i,
  /\w,? (?:sorry|i mean|make that|excuse me),? /i,
  /\w, (?:no|actually),? (?:it's|its|it|not|the|my|your|his|her|on|in|at|left|right|\d+|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|fif\w+|twenty|thirty|forty|fifty|sixty|last|maybe|more)\b/i,
];

/** The sentence without fillers, false starts and empty openings. May be empty. */
export function withoutDisfluencies(sentence: string): string {
  const whole = sentence.replaceAll("’", "'").replace(begun, "");
  const unfilled = whole.replace(fillers, "$1");
  let text = (unfilled === whole ? whole : unfilled.replace(/\s+/g, " ").replace(strandedComma, "$1"))
    .replace(setOff, "")
    .replace(youKnow, "");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text
      .trim()
      .replace(leadingFree, "")
      .replace(leadingWithComma, "")
      .replace(leadingWell, "")
      .replace(leadingNo, "")
      .replace(trailing, "");
  }
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(repeated, (whole, once: string) => (meantTwice.test(once) ? whole : once));
  }
  text = text.replace(goAhead, "");
  return text
    .replace(/\s+([,.!?])/g, (whole, mark: string, at: number, all: string) =>
      mark === "." && /^\s+\.\s+\w/.test(all.slice(at)) ? whole : mark,
    )
    .replace(/,{2,}/g, ",")
    .replace(/\s+/g, " ")
    .replace(/^[\s,.;…]+|[\s,;]+$/g, "");
}

/** Whether the speaker takes something back in mid-sentence: which half holds is for a person to hear. */
export function repairsItself(sentence: string): boolean {
  const text = sentence.replaceAll("’", "'").replace(begun, "");
  return selfRepair.some((pattern) => pattern.test(text));
}
