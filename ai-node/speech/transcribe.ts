import type { Speaker, Transcript, TranscriptSegment } from "#domain/ai/job.ts";
import { monotonic } from "#domain/kernel/clock.ts";
import { type DecodedAudio, toMono } from "../audio/decode-audio.ts";
import { SAMPLE_RATE } from "../audio/sample-buffer.ts";
import { modelById, modelDigest } from "../models/manifest.ts";
import { differentChannels, louderChannel } from "./channels.ts";
import type { GuardedText } from "./guards.ts";
import { rolesByWording } from "./roles.ts";
import type { SpeechPool } from "./speech-pool.ts";
import { type Span, speechSpans } from "./speech-spans.ts";
import { VAD_FRAME } from "./vad.ts";
import { groupVoices } from "./voices.ts";

/** Sound of one recording part and where it begins, in seconds from the recording's start. */
export interface PlacedAudio {
  readonly audio: DecodedAudio;
  readonly startOffset: number;
}

export interface TranscribeOptions {
  /** Called with the share that is done, 0 … 1. */
  readonly onProgress?: (done: number) => void;
  /** Stops the work; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

interface HeardSpan {
  readonly start: number;
  readonly end: number;
  readonly text: GuardedText;
  readonly print: number[] | null;
  /** Louder channel, when the channels are different microphones. */
  readonly channel: 0 | 1 | null;
}

/** Seconds of sound that a segment keeps before and after the voice, so that playing it cuts no consonant. */
const PLAYED_AROUND = 0.1;
/** The detector works on minutes in parallel; each begins a second early to warm its memory up. */
const VAD_BLOCK = VAD_FRAME * 1875;
const VAD_LEAD = VAD_FRAME * 32;

async function speechProbabilities(pool: SpeechPool, audio: Float32Array): Promise<Float32Array> {
  const starts = Array.from({ length: Math.ceil(audio.length / VAD_BLOCK) }, (_, i) => i * VAD_BLOCK);
  const blocks = await Promise.all(
    starts.map(async (start) => {
      const lead = Math.min(start, VAD_LEAD);
      const found = await pool.probabilities(audio.subarray(start - lead, start + VAD_BLOCK));
      return found.subarray(lead / VAD_FRAME);
    }),
  );
  const all = new Float32Array(Math.ceil(audio.length / VAD_FRAME));
  for (const [i, block] of blocks.entries()) all.set(block, (i * VAD_BLOCK) / VAD_FRAME);
  return all;
}

async function hearPart(
  pool: SpeechPool,
  { audio, startOffset }: PlacedAudio,
  { signal, onProgress }: TranscribeOptions,
): Promise<HeardSpan[]> {
  const mono = toMono(audio);
  const separate = differentChannels(audio);
  const spans = speechSpans(await speechProbabilities(pool, mono), mono.length);
  let finished = 0;
  const hear = async ({ start, end, from, to }: Span): Promise<HeardSpan | null> => {
    signal?.throwIfAborted();
    const { heard, print } = await pool.hear(mono.subarray(start, end));
    finished++;
    onProgress?.(finished / spans.length);
    if (!heard) return null;
    return {
      start: startOffset + Math.max(start / SAMPLE_RATE, from / SAMPLE_RATE - PLAYED_AROUND),
      end: startOffset + Math.min(end / SAMPLE_RATE, to / SAMPLE_RATE + PLAYED_AROUND),
      text: heard,
      print,
      channel: separate ? louderChannel(audio, start, end) : null,
    };
  };
  return (await inOrder(spans, hear)).filter((span) => span !== null);
}

/** Few at a time, so that an abort finds little left in the queue. */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const runner = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i]!);
    }
  };
  await Promise.all(Array.from({ length: 4 }, runner));
  return results;
}

/** Who speaks in each span: by channel where two microphones were used, else by voice; named by wording. */
function speakersOf(spans: readonly HeardSpan[]): Speaker[] {
  const byChannel = spans.length > 0 && spans.every(({ channel }) => channel !== null);
  const labels = byChannel
    ? spans.map(({ channel }) => channel)
    : groupVoices(spans.map(({ print, start, end }) => ({ print, seconds: end - start })));
  return rolesByWording(
    spans.map(({ text }) => text.text),
    labels,
  );
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/**
 * Turns the decoded parts of one recording into segments on one time line. Sound without speech gives no segments.
 * Gaps are the caller's to state: between parts nothing is invented.
 * @throws the signal's reason when aborted; {Error} when a worker dies
 */
export async function transcribe(
  pool: SpeechPool,
  parts: readonly PlacedAudio[],
  options: TranscribeOptions = {},
): Promise<Omit<Transcript, "gaps">> {
  const begun = monotonic();
  const total = parts.reduce((sum, { audio }) => sum + audio.seconds, 0);
  const spans: HeardSpan[] = [];
  let before = 0;
  for (const part of parts) {
    const { seconds } = part.audio;
    const onProgress = (done: number) => options.onProgress?.(total ? (before + done * seconds) / total : 1);
    spans.push(...(await hearPart(pool, part, { ...options, onProgress })));
    before += seconds;
  }
  spans.sort((a, b) => a.start - b.start);
  const speakers = speakersOf(spans);
  const model = modelById(pool.modelId);
  return {
    segments: spans.map(
      ({ start, end, text }, i): TranscriptSegment => ({
        id: `s${i + 1}`,
        start: round(start, 3),
        end: round(end, 3),
        speaker: speakers[i]!,
        text: text.text,
        confidence: round(text.confidence, 4),
        flags: text.flags,
      }),
    ),
    audioSeconds: round(total, 3),
    wallSeconds: round((monotonic() - begun) / 1000, 3),
    model: { id: model.id, sha256: modelDigest(model), version: model.version },
  };
}
