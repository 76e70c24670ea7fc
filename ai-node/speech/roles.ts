import type { Speaker } from "#domain/ai/job.ts";

/** Wordings by which a clinician is known, per sentence. Questions count most. */
const clinicianCues = [
  /\?/g,
  /\b(?:do|did|have|are|were|can|could|any) (?:you|your)\b/gi,
  /\b(?:how|what|when|where) (?:is|are|was|did|do|long|often|much|about|can) /gi,
  /\byour\b/gi,
  /\bi(?:'m| am) going to\b|\bi'd like (?:you )?to\b|\bi want you\b|\bi recommend\b|\bi will\b|\bi'll\b|\blet's\b|\blet me\b|\bwe'll\b/gi,
  /\b(?:prescri\w+|refer\w*|order|x-ray|labs?|blood work|follow up|exam\w*|lungs|murmur|milligrams?)\b/gi,
  /\b(?:thanks for|good (?:morning|afternoon)|nice to (?:see|meet))\b/gi,
];

const patientCues = [
  /\bmy\b/gi,
  /\bi(?:'ve| have) (?:been|had|got|noticed)\b/gi,
  /\bi(?:'m| am)(?! going to)\b/gi,
  /\bi (?:feel|felt|get|got|take|took|had|was|think|don't|do not|can't|didn't|started|noticed|woke|wake|tried)\b/gi,
  /\b(?:hurts?|ache|aches|aching|sore)\b/gi,
  /\b(?:doctor|doc)\b/gi,
  /^(?:yes|yeah|yep|no|nope|not really)\b/gi,
];

const count = (cues: readonly RegExp[], text: string): number =>
  cues.reduce((sum, cue) => sum + (text.match(cue)?.length ?? 0), 0);

/** Per sentence, how much more clinician than patient a text sounds. */
export function clinicianScore(texts: readonly string[]): number {
  const points = texts.reduce((sum, text) => sum + count(clinicianCues, text) - count(patientCues, text), 0);
  return texts.length === 0 ? 0 : points / texts.length;
}

/** Less difference than this between two voices, or certainty about one, is no ground to name anybody. */
const CLEAR = 0.15;

/**
 * Names the groups that the voices fell into, by what they say.
 * @param labels group of each text, null where the voice could not be told
 */
export function rolesByWording(texts: readonly string[], labels: readonly (0 | 1 | null)[]): Speaker[] {
  const score = (label: number) => clinicianScore(texts.filter((_, i) => labels[i] === label));
  const alone = !labels.includes(1);
  const difference = alone ? score(0) : score(0) - score(1);
  if (Math.abs(difference) < CLEAR) return labels.map(() => "unknown");
  const first: Speaker = difference > 0 ? "clinician" : "patient";
  const second: Speaker = first === "clinician" ? "patient" : "clinician";
  return labels.map((label) => (label === null ? "unknown" : label === 0 ? first : second));
}
