import { FLACDecoder } from "@wasm-audio-decoders/flac";
import { DomainError } from "#domain/errors/catalog.ts";
import { decodeOpus } from "./opus.ts";
import { createResampler, type Resampler } from "./resample.ts";
import { createSampleBuffer, SAMPLE_RATE, type SampleBuffer } from "./sample-buffer.ts";
import { looksLikeWav, readWav } from "./wav.ts";

export interface DecodedAudio {
  /** One or two rows of samples at 16 kHz, equally long, in −1 … 1. */
  readonly channels: readonly Float32Array<ArrayBuffer>[];
  readonly seconds: number;
  /** The bytes end in the middle; everything before that is here. */
  readonly truncated: boolean;
}

const BLOCK_FRAMES = 1 << 16;
const FLAC_BLOCK_BYTES = 1 << 18;

interface Row {
  readonly resampler: Resampler;
  readonly buffer: SampleBuffer;
}

const createRows = (channels: number, sampleRate: number): Row[] =>
  Array.from({ length: Math.min(2, channels) }, () => ({
    resampler: createResampler(sampleRate, SAMPLE_RATE),
    buffer: createSampleBuffer(),
  }));

function finish(rows: readonly Row[]): Float32Array<ArrayBuffer>[] {
  for (const { resampler, buffer } of rows) buffer.append(resampler.flush());
  return rows.map(({ buffer }) => buffer.take());
}

function decodeWav(bytes: Uint8Array): Omit<DecodedAudio, "seconds"> {
  const sound = readWav(bytes);
  const rows = createRows(sound.channels, sound.sampleRate);
  for (let from = 0; from < sound.frames; from += BLOCK_FRAMES) {
    const to = Math.min(sound.frames, from + BLOCK_FRAMES);
    for (const [channel, { resampler, buffer }] of rows.entries()) {
      buffer.append(resampler.push(sound.read(channel, from, to)));
    }
  }
  return { channels: finish(rows), truncated: sound.truncated };
}

async function decodeFlac(bytes: Uint8Array): Promise<Omit<DecodedAudio, "seconds">> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  let rows: Row[] = [];
  let damaged = false;
  const take = ({
    channelData,
    sampleRate,
    samplesDecoded,
    errors,
  }: Awaited<ReturnType<FLACDecoder["flush"]>>) => {
    damaged ||= errors.length > 0;
    if (samplesDecoded === 0) return;
    if (rows.length === 0) rows = createRows(channelData.length, sampleRate);
    for (const [channel, { resampler, buffer }] of rows.entries()) {
      buffer.append(resampler.push(channelData[channel]!.subarray(0, samplesDecoded)));
    }
  };
  try {
    for (let at = 0; at < bytes.length; at += FLAC_BLOCK_BYTES) {
      take(await decoder.decode(bytes.subarray(at, at + FLAC_BLOCK_BYTES)));
    }
    take(await decoder.flush());
  } catch (error) {
    if (error instanceof DomainError) throw error;
    damaged = true;
  } finally {
    decoder.free();
  }
  return { channels: finish(rows), truncated: damaged };
}

const looksLikeFlac = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && String.fromCharCode(...bytes.subarray(0, 4)) === "fLaC";

/**
 * Turns the bytes of one recording part into sound at 16 kHz: WAV (8–32 bits, float), FLAC, and Opus in WebM, MP4 or
 * Ogg. The kind is judged by the bytes, not by a name. Truncated files are decoded as far as they go.
 * @throws {DomainError} `unsupported_audio` when the bytes hold no sound that can be read
 */
export async function decodeAudio(bytes: Uint8Array): Promise<DecodedAudio> {
  const decode = looksLikeWav(bytes) ? decodeWav : looksLikeFlac(bytes) ? decodeFlac : decodeOpus;
  const { channels, truncated } = await decode(bytes);
  const length = channels[0]?.length ?? 0;
  if (length === 0) throw new DomainError("unsupported_audio", "holds no sound");
  return { channels, seconds: length / SAMPLE_RATE, truncated };
}

/** The mean of all channels. */
export function toMono({ channels }: DecodedAudio): Float32Array<ArrayBuffer> {
  const [left, right] = channels;
  if (!left || !right) return left ?? new Float32Array(0);
  const mono = new Float32Array(left.length);
  for (let i = 0; i < mono.length; i++) mono[i] = (left[i]! + right[i]!) / 2;
  return mono;
}
