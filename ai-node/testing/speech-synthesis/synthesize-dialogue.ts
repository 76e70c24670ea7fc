import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import createEspeak, { type EspeakWorker } from "@echogarden/espeak-ng-emscripten";
import { digest } from "#domain/kernel/canonical.ts";
import { newId } from "#domain/kernel/id.ts";
import { createResampler } from "../../audio/resample.ts";
import { writeWav } from "../../audio/wav.ts";

/**
 * Spoken dialogues for tests, made while the test runs, so that the repository carries no recording. Development
 * only: eSpeak NG is GPL and never ships. The Pico package brings an engine without a voice, so both voices are
 * eSpeak's: of 24 that were measured, the man and the woman whom Moonshine understands best (5 and 10 % word error).
 */
export interface SpokenTurn {
  readonly speaker: "clinician" | "patient";
  readonly text: string;
}

export interface TimedTurn extends SpokenTurn {
  /** Seconds from the start of the sound, at the first and last audible sample. */
  readonly start: number;
  readonly end: number;
}

export interface SynthesisOptions {
  /** Silence between turns, in seconds. */
  readonly pauseSeconds?: number;
  readonly sampleRate?: 16_000 | 48_000;
  /** `stereo` puts the clinician left and the patient right, with a little of each on the other side. */
  readonly channels?: "mono" | "stereo";
}

export interface SpokenDialogue {
  /** 16-bit WAV. */
  readonly wav: Uint8Array<ArrayBuffer>;
  readonly turns: readonly TimedTurn[];
}

/** eSpeak chooses a voice by properties; names of variants it ignores without a word. */
const voices = {
  clinician: { language: "en-us", gender: 1, variant: 4 },
  patient: { language: "en-us", gender: 2, variant: 4 },
} as const;
const WORDS_PER_MINUTE = 135;
/** Raise when the sound for the same request changes, so that no old file is read. */
const FORMAT = 1;
const LEAD_SECONDS = 0.5;
const AUDIBLE = 0.01;
const CROSSTALK = 0.1;

let loading: Promise<EspeakWorker> | undefined;
const loadEspeak = (): Promise<EspeakWorker> => {
  loading ??= createEspeak().then((module) => new module.eSpeakNGWorker());
  return loading;
};

/** eSpeak surrounds speech with silence of its own: off with it, so that the times are those of the voice. */
function trimmed(samples: Float32Array): Float32Array {
  let from = 0;
  let to = samples.length;
  while (from < to && Math.abs(samples[from]!) < AUDIBLE) from++;
  while (to > from && Math.abs(samples[to - 1]!) < AUDIBLE) to--;
  return samples.slice(from, to);
}

function speak(espeak: EspeakWorker, { speaker, text }: SpokenTurn, sampleRate: number): Float32Array {
  const { language, gender, variant } = voices[speaker];
  espeak.set_voice("", language, gender, 0, variant);
  espeak.set_rate(WORDS_PER_MINUTE);
  const blocks: number[] = [];
  espeak.synthesize(text, (samples) => {
    for (const sample of samples ?? []) blocks.push(sample / 0x8000);
    return false;
  });
  const resampler = createResampler(espeak.get_samplerate(), sampleRate);
  const body = resampler.push(Float32Array.from(blocks));
  const rest = resampler.flush();
  const all = new Float32Array(body.length + rest.length);
  all.set(body);
  all.set(rest, body.length);
  return trimmed(all);
}

async function synthesize(
  turns: readonly SpokenTurn[],
  options: Required<SynthesisOptions>,
): Promise<SpokenDialogue> {
  const { pauseSeconds, sampleRate, channels } = options;
  const espeak = await loadEspeak();
  const spoken = turns.map((turn) => speak(espeak, turn, sampleRate));
  const pause = Math.round(pauseSeconds * sampleRate);
  const lead = Math.round(LEAD_SECONDS * sampleRate);
  const length = spoken.reduce((sum, samples) => sum + samples.length + pause, lead * 2);
  const rows = Array.from({ length: channels === "stereo" ? 2 : 1 }, () => new Float32Array(length));
  const timed: TimedTurn[] = [];
  let at = lead;
  for (const [i, samples] of spoken.entries()) {
    const turn = turns[i]!;
    const own = channels === "stereo" && turn.speaker === "patient" ? 1 : 0;
    for (const [channel, row] of rows.entries()) {
      const gain = channel === own ? 1 : CROSSTALK;
      for (let k = 0; k < samples.length; k++) row[at + k] = samples[k]! * gain;
    }
    timed.push({ ...turn, start: at / sampleRate, end: (at + samples.length) / sampleRate });
    at += samples.length + pause;
  }
  return { wav: writeWav(rows, sampleRate), turns: timed };
}

async function place(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${newId()}`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}

/**
 * Speaks a dialogue with two voices. Results are kept in the system's temporary folder by the hash of the request, so
 * asking again is cheap and gives the same bytes (eSpeak itself never says the same thing twice in the same way).
 */
export async function synthesizeDialogue(
  turns: readonly SpokenTurn[],
  { pauseSeconds = 0.6, sampleRate = 16_000, channels = "mono" }: SynthesisOptions = {},
): Promise<SpokenDialogue> {
  const options = { pauseSeconds, sampleRate, channels };
  const folder = join(tmpdir(), "jamemr-speech");
  const name = join(folder, digest({ FORMAT, WORDS_PER_MINUTE, voices, turns: [...turns], options }));
  try {
    const [wav, times] = await Promise.all([readFile(`${name}.wav`), readFile(`${name}.json`, "utf8")]);
    return { wav: new Uint8Array(wav), turns: JSON.parse(times) as TimedTurn[] };
  } catch {
    const made = await synthesize(turns, options);
    await mkdir(folder, { recursive: true });
    await place(`${name}.wav`, made.wav);
    await place(`${name}.json`, JSON.stringify(made.turns));
    return made;
  }
}
