import "#ai/speech/no-telemetry.ts";
import { type AutomaticSpeechRecognitionPipeline, env, pipeline } from "@huggingface/transformers";
import { decodeAudio, toMono } from "#ai/audio/decode-audio.ts";
import type { SpeechPool } from "#ai/speech/speech-pool.ts";
import { speechSpans } from "#ai/speech/speech-spans.ts";
import { transcribe } from "#ai/speech/transcribe.ts";
import { preparedModels, testPool } from "#ai/testing/prepared-models.ts";
import { type SpokenTurn, synthesizeDialogue } from "#ai/testing/speech-synthesis/synthesize-dialogue.ts";
import { bloodPressureVisit, coughVisit, kneeVisit } from "#ai/testing/speech-synthesis/visit-dialogue.ts";
import { wordErrorRate } from "#ai/testing/word-error-rate.ts";
import { monotonic } from "#domain/kernel/clock.ts";

/** One line of a benchmark's table. */
export interface BenchRow {
  readonly row: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string;
  readonly peerValue: number | null;
  /** Value by the peer's value. */
  readonly ratio: number | null;
  readonly goal: string;
  readonly met: boolean;
}

const PEER = "transformers.js pipeline, same weights, handed the speech spans";
const ROUNDS = 5;
const SECONDS = 300;
const WARM_UP_SAMPLES = 10 * 16_000;
const FASTER_THAN_LIFE = 15;
const FASTER_THAN_PEER = 1.5;
/** Word error may differ by this without meaning anything: the peer's text differs in marks and numerals. */
const ERROR_NOISE = 0.005;

interface Run {
  readonly seconds: number;
  readonly text: string;
}

interface Contestant {
  warmUp(): Promise<unknown>;
  run(): Promise<Run>;
  close(): Promise<unknown>;
}

/** About five minutes of two voices, from three visits in turn. */
async function longDialogue() {
  const visits = [kneeVisit, coughVisit, bloodPressureVisit];
  let turns: SpokenTurn[] = [];
  for (let i = 0; ; i++) {
    turns = [...turns, ...visits[i % visits.length]!];
    const spoken = await synthesizeDialogue(turns);
    if (spoken.turns.at(-1)!.end >= SECONDS) return spoken;
  }
}

/** Decoding to text, voice activity and speakers included; loading the models is not. */
async function ours(wav: Uint8Array, pool: SpeechPool): Promise<Contestant> {
  const start = toMono(await decodeAudio(wav)).subarray(0, WARM_UP_SAMPLES);
  return {
    warmUp: () => Promise.all([pool.hear(start), pool.hear(start)]),
    async run() {
      const begun = monotonic();
      const audio = await decodeAudio(wav);
      const { segments } = await transcribe(pool, [{ audio, startOffset: 0 }]);
      return { seconds: (monotonic() - begun) / 1000, text: segments.map(({ text }) => text).join(" ") };
    },
    close: () => pool.close(),
  };
}

/**
 * The stock pipeline reads one stretch at a time and knows no voice activity: fixed windows cost it ten points of word
 * error. It is therefore given our spans, and finding them is not on its clock.
 */
async function stockPipeline(wav: Uint8Array, pool: SpeechPool, modelsDir: string): Promise<Contestant> {
  env.allowRemoteModels = false;
  env.localModelPath = modelsDir;
  const recognise: AutomaticSpeechRecognitionPipeline = await pipeline(
    "automatic-speech-recognition",
    "moonshine-base-q8",
    { dtype: "q8", device: "cpu" },
  );
  const mono = toMono(await decodeAudio(wav));
  const spans = speechSpans(await pool.probabilities(mono), mono.length);
  return {
    warmUp: () => recognise(mono.slice(0, WARM_UP_SAMPLES)),
    async run() {
      const begun = monotonic();
      const texts: string[] = [];
      for (const { start, end } of spans) {
        const result = await recognise(mono.slice(start, end));
        texts.push(Array.isArray(result) ? result.map(({ text }) => text).join(" ") : result.text);
      }
      return { seconds: (monotonic() - begun) / 1000, text: texts.join(" ") };
    },
    close: () => recognise.dispose(),
  };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const spread = (values: readonly number[]): number => Math.max(...values) / Math.min(...values);
const rounded = (value: number): number => Number(value.toFixed(3));

/** Both in turn, the one that begins changing every round. */
async function alternate(first: Contestant, second: Contestant, rounds: number): Promise<[Run[], Run[]]> {
  const runs: [Run[], Run[]] = [[], []];
  await first.warmUp();
  await second.warmUp();
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const which of order) {
      runs[which === 0 ? 0 : 1].push(await (which === 0 ? first : second).run());
    }
  }
  return runs;
}

function rowsOf(
  seconds: number,
  reference: string,
  mine: readonly Run[],
  theirs: readonly Run[],
): BenchRow[] {
  const speed = seconds / median(mine.map((run) => run.seconds));
  const peerSpeed = seconds / median(theirs.map((run) => run.seconds));
  const error = wordErrorRate(reference, mine[0]!.text);
  const peerError = wordErrorRate(reference, theirs[0]!.text);
  const ratio = speed / peerSpeed;
  const row = (
    name: string,
    value: number,
    unit: string,
    peerValue: number,
    goal: string,
    met: boolean,
  ): BenchRow => ({
    row: name,
    value: rounded(value),
    unit,
    peer: PEER,
    peerValue: rounded(peerValue),
    ratio: rounded(value / peerValue),
    goal,
    met,
  });
  return [
    row(
      "speech: audio seconds per wall second, two cores, base",
      speed,
      "× real time",
      peerSpeed,
      `≥ ${FASTER_THAN_LIFE} and ≥ ${FASTER_THAN_PEER} × peer`,
      speed >= FASTER_THAN_LIFE && ratio >= FASTER_THAN_PEER,
    ),
    row(
      "speech: word error",
      error * 100,
      "%",
      peerError * 100,
      "no worse than peer",
      error <= peerError + ERROR_NOISE,
    ),
    row(
      "speech: slowest by fastest run (noise of this machine)",
      spread(mine.map((run) => run.seconds)),
      "×",
      spread(theirs.map((run) => run.seconds)),
      "≤ 1.25, else measure again on a quiet machine",
      spread(mine.map((run) => run.seconds)) <= 1.25,
    ),
  ];
}

/**
 * Speech against the stock pipeline on the same weights: a generated recording of five minutes, models loaded and
 * warm, medians of alternating runs. Prints nothing.
 */
export async function speechBench({ rounds = ROUNDS }: { rounds?: number } = {}): Promise<BenchRow[]> {
  const modelsDir = await preparedModels();
  const { wav, turns } = await longDialogue();
  const { seconds } = await decodeAudio(wav);
  const pool = await testPool();
  const mine = await ours(wav, pool);
  const theirs = await stockPipeline(wav, pool, modelsDir);
  try {
    const [own, stock] = await alternate(mine, theirs, rounds);
    return rowsOf(seconds, turns.map(({ text }) => text).join(" "), own, stock);
  } finally {
    await theirs.close();
    await mine.close();
  }
}
