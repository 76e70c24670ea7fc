import { deflateSync } from "node:zlib";
import type { SegmentFlag } from "#domain/ai/job.ts";
import { SAMPLE_RATE } from "../audio/sample-buffer.ts";
import type { Recogniser, Recognition } from "./moonshine.ts";

/** A recogniser's text that has passed the guards against invention. */
export interface GuardedText {
  readonly text: string;
  /** Mean token probability, 0 … 1. */
  readonly confidence: number;
  readonly flags: SegmentFlag[];
}

/** Text in place of speech in which no words were understood. */
export const INAUDIBLE = "[inaudible]";

const LOWEST_LOG_PROBABILITY = -0.7;
const HIGHEST_COMPRESSION = 2.4;
/** Seconds: shorter sound holds no word. */
const SHORTEST = 0.25;
/** Seconds of speech from which on silence is not an acceptable answer. */
const MUST_HAVE_WORDS = 1.5;

/** How well text packs: loops of a runaway model pack far too well. */
export const compression = (text: string): number =>
  text.length === 0 ? 0 : text.length / deflateSync(Buffer.from(text)).length;

/** Whether any run of four words occurs four times. */
export function repeatsItself(text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  const seen = new Map<string, number>();
  for (let i = 0; i + 4 <= words.length; i++) {
    const gram = words.slice(i, i + 4).join(" ");
    const count = (seen.get(gram) ?? 0) + 1;
    if (count >= 4) return true;
    seen.set(gram, count);
  }
  return false;
}

export function judge({ text, logProbability, capped }: Recognition): GuardedText {
  const flags: SegmentFlag[] = [];
  if (logProbability < LOWEST_LOG_PROBABILITY) flags.push("low_confidence");
  if (compression(text) > HIGHEST_COMPRESSION) flags.push("compressed");
  if (repeatsItself(text)) flags.push("repeated");
  if (capped) flags.push("cut_short");
  return { text, confidence: Math.exp(logProbability), flags };
}

/** The quietest 100 ms in the middle half of a stretch: the best place to cut it. In samples. */
export function quietestPoint(audio: Float32Array): number {
  const window = SAMPLE_RATE / 10;
  let best = Math.floor(audio.length / 2);
  let lowest = Number.POSITIVE_INFINITY;
  for (let at = Math.floor(audio.length / 4); at + window < (audio.length * 3) / 4; at += window / 4) {
    let energy = 0;
    for (let i = 0; i < window; i++) energy += audio[at + i]! ** 2;
    if (energy < lowest) {
      lowest = energy;
      best = at + window / 2;
    }
  }
  return best;
}

const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

function joinHalves(halves: readonly GuardedText[]): GuardedText {
  const heard = halves.filter((half) => hasWords(half.text));
  if (heard.length === 0) return { text: INAUDIBLE, confidence: 0, flags: ["inaudible"] };
  return {
    text: heard.map((half) => half.text).join(" "),
    confidence: Math.min(...heard.map((half) => half.confidence)),
    flags: [...new Set(heard.flatMap((half) => half.flags))],
  };
}

/**
 * Recognises one stretch of speech. When nothing is understood in more than 1.5 s of it, it is cut once at its
 * quietest point and tried again; then it is `[inaudible]`, never left out.
 * @returns null when there is nothing to keep
 */
export async function recogniseGuarded(
  recogniser: Recogniser,
  audio: Float32Array,
): Promise<GuardedText | null> {
  if (audio.length < SHORTEST * SAMPLE_RATE) return null;
  const whole = judge(await recogniser.recognise(audio));
  if (hasWords(whole.text)) return whole;
  if (audio.length <= MUST_HAVE_WORDS * SAMPLE_RATE) return null;
  const middle = quietestPoint(audio);
  const halves = [audio.slice(0, middle), audio.slice(middle)];
  const tried: GuardedText[] = [];
  for (const half of halves) tried.push(judge(await recogniser.recognise(half)));
  return joinHalves(tried);
}
