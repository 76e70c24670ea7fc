import { SAMPLE_RATE } from "../audio/sample-buffer.ts";
import { VAD_FRAME } from "./vad.ts";

/** A stretch of sound, in samples from the start of its part. */
export interface Span {
  /** What the recogniser hears, with some silence around the words. */
  readonly start: number;
  readonly end: number;
  /** Where the voice itself begins and ends, as near as the detector can tell. */
  readonly from: number;
  readonly to: number;
}

/**
 * Where people speak, from the detector's probabilities. Speech begins at `on` and ends when the probability stays
 * below `off` for `minSilence`. Every pause of that length ends a span, so that a span is one person's turn or a part
 * of it and its times can be trusted for playing.
 */
export interface SpanOptions {
  readonly on: number;
  readonly off: number;
  /** Seconds. */
  readonly minSilence: number;
  /** Seconds; shorter sounds are clicks and coughs. */
  readonly minSpeech: number;
  /** Seconds added on both sides, never beyond the middle of a pause. */
  readonly pad: number;
  /** Longest span in seconds; longer ones are cut where speech is least likely. */
  readonly longest: number;
  /** Seconds at the beginning of a long span that are never cut off alone. */
  readonly shortestCut: number;
}

export const spanOptions: SpanOptions = {
  on: 0.5,
  off: 0.35,
  minSilence: 0.4,
  minSpeech: 0.25,
  pad: 0.3,
  longest: 20,
  shortestCut: 6,
};

const frames = (seconds: number) => Math.floor((seconds * SAMPLE_RATE) / VAD_FRAME);
/** As many frames as are needed to last at least that long. */
const framesFor = (seconds: number) => Math.ceil((seconds * SAMPLE_RATE) / VAD_FRAME);

/** The least likely place for speech between two frames, looking at three neighbours each. */
function quietestFrame(probabilities: Float32Array, from: number, to: number): number {
  let best = to;
  let lowest = Number.POSITIVE_INFINITY;
  for (let frame = from; frame < to; frame++) {
    const around = (probabilities[frame - 1] ?? 0) + probabilities[frame]! + (probabilities[frame + 1] ?? 0);
    if (around <= lowest) {
      lowest = around;
      best = frame;
    }
  }
  return best;
}

function speechFrames(probabilities: Float32Array, options: SpanOptions): [number, number][] {
  const found: [number, number][] = [];
  const silence = framesFor(options.minSilence);
  const longest = frames(options.longest);
  const keep = (from: number, to: number) => {
    if (to - from >= framesFor(options.minSpeech)) found.push([from, to]);
  };
  let start = -1;
  let quiet = -1;
  for (let frame = 0; frame < probabilities.length; frame++) {
    const probability = probabilities[frame]!;
    if (start < 0) {
      if (probability < options.on) continue;
      start = frame;
      quiet = -1;
    }
    if (probability >= options.on) quiet = -1;
    else if (probability < options.off && quiet < 0) quiet = frame;
    if (quiet >= 0 && frame - quiet >= silence) {
      keep(start, quiet);
      start = -1;
    } else if (frame - start >= longest) {
      const cut = quietestFrame(probabilities, start + frames(options.shortestCut), frame);
      keep(start, cut);
      start = cut;
      quiet = -1;
    }
  }
  if (start >= 0) keep(start, quiet >= 0 ? quiet : probabilities.length);
  return found;
}

/**
 * @param probabilities one per frame of 512 samples
 * @param length samples of the sound they belong to
 */
export function speechSpans(probabilities: Float32Array, length: number, options = spanOptions): Span[] {
  const found = speechFrames(probabilities, options).map(
    ([from, to]) => [from * VAD_FRAME, to * VAD_FRAME] as const,
  );
  const pad = options.pad * SAMPLE_RATE;
  return found.map(([from, to], i) => {
    const before = i === 0 ? 0 : Math.floor((found[i - 1]![1] + from) / 2);
    const after = i === found.length - 1 ? length : Math.floor((found[i + 1]![0] + to) / 2);
    return {
      start: Math.max(from - pad, before),
      end: Math.min(to + pad, after, length),
      from,
      to: Math.min(to, length),
    };
  });
}
