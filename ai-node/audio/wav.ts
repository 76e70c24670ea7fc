import { DomainError } from "#domain/errors/catalog.ts";

/** Samples as they lie in a WAV file, and how to read them. */
export interface WavSound {
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  /** The file promises more sound than it holds (a page that was killed never writes the real length). */
  readonly truncated: boolean;
  /** Samples of one channel, in −1 … 1. */
  read(channel: number, from: number, to: number): Float32Array;
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

const refuse = (why: string) => new DomainError("unsupported_audio", why);

function readFormat(view: DataView, at: number, size: number): Format {
  const tag = view.getUint16(at, true);
  const bits = view.getUint16(at + 14, true);
  const real = tag === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : tag;
  return {
    tag: real,
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    bits,
  };
}

function sampleReader(view: DataView, { tag, bits }: Format): (at: number) => number {
  if (tag === FLOAT && bits === 32) return (at) => view.getFloat32(at, true);
  if (tag === FLOAT && bits === 64) return (at) => view.getFloat64(at, true);
  if (tag === PCM && bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
  if (tag === PCM && bits === 16) return (at) => view.getInt16(at, true) / 0x8000;
  if (tag === PCM && bits === 24)
    return (at) => (view.getInt8(at + 2) * 0x10000 + view.getUint16(at, true)) / 0x800000;
  if (tag === PCM && bits === 32) return (at) => view.getInt32(at, true) / 0x80000000;
  throw refuse(`WAV format ${tag} with ${bits} bits`);
}

function findChunks(view: DataView): { format: Format; data: number; promised: number } {
  let format: Format | undefined;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const id = view.getUint32(at, false);
    const size = view.getUint32(at + 4, true);
    if (id === 0x666d7420 /* "fmt " */ && size >= 16 && at + 8 + size <= view.byteLength) {
      format = readFormat(view, at + 8, size);
    }
    if (id === 0x64617461 /* "data" */ && format) return { format, data: at + 8, promised: size };
    at += 8 + size + (size & 1);
  }
  throw refuse("WAV without format or sound");
}

export const looksLikeWav = (bytes: Uint8Array): boolean =>
  bytes.length >= 12 &&
  String.fromCharCode(...bytes.subarray(0, 4)) === "RIFF" &&
  String.fromCharCode(...bytes.subarray(8, 12)) === "WAVE";

/**
 * Reads PCM of 8, 16, 24 or 32 bits and IEEE float. A data chunk that is shorter than promised is read as far as it
 * goes.
 * @throws {DomainError} `unsupported_audio`
 */
export function readWav(bytes: Uint8Array): WavSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { format, data, promised } = findChunks(view);
  const { channels, sampleRate, bits } = format;
  if (channels < 1 || channels > 8) throw refuse(`${channels} channels`);
  if (sampleRate < 8_000 || sampleRate > 192_000) throw refuse(`${sampleRate} Hz`);
  const sampleAt = sampleReader(view, format);
  const sampleBytes = bits / 8;
  const held = Math.min(promised, bytes.byteLength - data);
  const clean = (value: number) => (Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0);
  return {
    sampleRate,
    channels,
    frames: Math.floor(held / sampleBytes / channels),
    truncated: held < promised,
    read(channel, from, to) {
      const block = new Float32Array(to - from);
      for (let i = 0; i < block.length; i++) {
        block[i] = clean(sampleAt(data + ((from + i) * channels + channel) * sampleBytes));
      }
      return block;
    },
  };
}

/** A WAV file of 16-bit samples. `channels` are equally long rows in −1 … 1. */
export function writeWav(channels: readonly Float32Array[], sampleRate: number): Uint8Array<ArrayBuffer> {
  const frames = channels[0]?.length ?? 0;
  const size = frames * channels.length * 2;
  const view = new DataView(new ArrayBuffer(44 + size));
  const text = (at: number, letters: string) => {
    for (let i = 0; i < letters.length; i++) view.setUint8(at + i, letters.charCodeAt(i));
  };
  text(0, "RIFF");
  view.setUint32(4, 36 + size, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels.length * 2, true);
  view.setUint16(32, channels.length * 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, size, true);
  for (let i = 0; i < frames; i++) {
    for (let c = 0; c < channels.length; c++) {
      const sample = Math.round(Math.max(-1, Math.min(1, channels[c]![i]!)) * 0x7fff);
      view.setInt16(44 + (i * channels.length + c) * 2, sample, true);
    }
  }
  return new Uint8Array(view.buffer);
}
