import type { DecodedAudio } from "../audio/decode-audio.ts";
import { SAMPLE_RATE } from "../audio/sample-buffer.ts";

/** Two channels that correlate more than this are one microphone twice. */
const SAME = 0.9;
/** One channel has to be this much more energetic to name the speaker: 3 dB. */
const LOUDER = 2;

/** Whether a stereo recording holds two different microphones. Looks at every 37th sample: enough to tell. */
export function differentChannels({ channels }: DecodedAudio): boolean {
  const [left, right] = channels;
  if (!left || !right) return false;
  let both = 0;
  let leftEnergy = 0;
  let rightEnergy = 0;
  for (let i = 0; i < left.length; i += 37) {
    both += left[i]! * right[i]!;
    leftEnergy += left[i]! ** 2;
    rightEnergy += right[i]! ** 2;
  }
  const quiet = (left.length / 37) * 1e-8;
  if (leftEnergy < quiet || rightEnergy < quiet) return false;
  return both / Math.sqrt(leftEnergy * rightEnergy) < SAME;
}

/** The channel that clearly carries the speaker between two samples, or null. */
export function louderChannel({ channels }: DecodedAudio, start: number, end: number): 0 | 1 | null {
  const energy = channels.map((row) => {
    let sum = 1e-9;
    for (let i = start; i < end; i += SAMPLE_RATE / 4000) sum += row[i]! ** 2;
    return sum;
  });
  if (energy[0]! > LOUDER * energy[1]!) return 0;
  return energy[1]! > LOUDER * energy[0]! ? 1 : null;
}
