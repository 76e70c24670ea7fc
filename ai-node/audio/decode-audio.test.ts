import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  type OutputFormat,
  WEBM,
} from "mediabunny";
import { describe, expect, test } from "vitest";
import { DomainError } from "#domain/errors/catalog.ts";
import { writeFlac } from "../testing/flac-writer.ts";
import { decodeAudio, toMono } from "./decode-audio.ts";
import { writeWav } from "./wav.ts";

const recorded = (name: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, "../testing/tones", name)));
const tone = (hertz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));

/** Pitch by counting upward zero crossings in the middle half, in hertz. */
function pitchOf(samples: Float32Array): number {
  const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
  let crossings = 0;
  for (let i = 1; i < middle.length; i++) if (middle[i - 1]! < 0 && middle[i]! >= 0) crossings++;
  return crossings / (middle.length / 16_000);
}

/** Puts the packets of a recorded file into another container, without touching the sound. */
async function repacked(bytes: Uint8Array, format: OutputFormat): Promise<Uint8Array> {
  const input = new Input({ source: new BufferSource(bytes), formats: [WEBM] });
  const track = (await input.getPrimaryAudioTrack())!;
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const source = new EncodedAudioPacketSource("opus");
  output.addAudioTrack(source);
  await output.start();
  const decoderConfig = (await track.getDecoderConfig())!;
  for await (const packet of new EncodedPacketSink(track).packets())
    await source.add(packet, { decoderConfig });
  await output.finalize();
  return new Uint8Array(target.buffer!);
}

/** A WAV file of other kinds of samples. */
function wavOf(samples: Float32Array, bits: 8 | 24 | 32, float: boolean): Uint8Array {
  const size = bits / 8;
  const bytes = Buffer.alloc(44 + samples.length * size);
  writeWav([new Float32Array(0)], 16_000).forEach((byte, i) => {
    bytes[i] = byte;
  });
  bytes.writeUInt16LE(float ? 3 : 1, 20);
  bytes.writeUInt16LE(bits, 34);
  bytes.writeUInt32LE(samples.length * size, 40);
  samples.forEach((sample, i) => {
    const at = 44 + i * size;
    if (float) bytes.writeFloatLE(sample, at);
    else if (bits === 8) bytes.writeUInt8(Math.round(sample * 127) + 128, at);
    else bytes.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, size);
  });
  return bytes;
}

describe("decoding", () => {
  test.each([8_000, 16_000, 44_100, 48_000])("16-bit WAV of %i Hz becomes 16 kHz", async (rate) => {
    const { channels, seconds, truncated } = await decodeAudio(writeWav([tone(440, rate, 2)], rate));
    expect(seconds).toBeCloseTo(2, 3);
    expect(truncated).toBe(false);
    expect(pitchOf(channels[0]!)).toBeCloseTo(440, -1);
  });

  test.each([
    [8, false],
    [24, false],
    [32, false],
    [32, true],
  ] as const)("WAV of %i bits (float: %s)", async (bits, float) => {
    const samples = tone(440, 16_000, 0.5);
    const { channels } = await decodeAudio(wavOf(samples, bits, float));
    const worst = channels[0]!.reduce((most, value, i) => Math.max(most, Math.abs(value - samples[i]!)), 0);
    expect(worst).toBeLessThan(bits === 8 ? 0.01 : 1e-4);
  });

  test("FLAC, and FLAC that breaks off", async () => {
    const samples = Int16Array.from(tone(440, 44_100, 2), (value) => Math.round(value * 32_767));
    const bytes = writeFlac(samples, 44_100);
    const whole = await decodeAudio(bytes);
    expect(whole.seconds).toBeCloseTo(2, 2);
    expect(pitchOf(whole.channels[0]!)).toBeCloseTo(440, -1);
    const half = await decodeAudio(bytes.subarray(0, bytes.length / 2));
    expect(half.seconds).toBeGreaterThan(0.8);
    expect(half.seconds).toBeLessThan(1.1);
  });

  test("Opus as a browser records it, mono and stereo", async () => {
    const mono = await decodeAudio(recorded("mono.webm"));
    expect(mono.channels).toHaveLength(1);
    expect(mono.seconds).toBeGreaterThan(1.8);
    expect(pitchOf(mono.channels[0]!)).toBeCloseTo(440, -1);
    const stereo = await decodeAudio(recorded("stereo.webm"));
    expect(stereo.channels.map(pitchOf).map((hertz) => Math.round(hertz / 10) * 10)).toEqual([440, 880]);
    expect(toMono(stereo)).toHaveLength(stereo.channels[0]!.length);
  });

  test.each([
    ["mp4", new Mp4OutputFormat()],
    ["ogg", new OggOutputFormat()],
  ] as const)("Opus in %s sounds like Opus in WebM", async (_, format) => {
    const original = await decodeAudio(recorded("mono.webm"));
    const other = await decodeAudio(await repacked(recorded("mono.webm"), format));
    expect(other.seconds).toBeCloseTo(original.seconds, 1);
    expect(pitchOf(other.channels[0]!)).toBeCloseTo(440, -1);
  });

  test("a WebM file of a page that was killed is read as far as it goes", async () => {
    const bytes = recorded("mono.webm");
    const whole = await decodeAudio(bytes);
    for (const share of [0.4, 0.6, 0.8]) {
      const { seconds } = await decodeAudio(bytes.subarray(0, Math.floor(bytes.length * share)));
      expect(seconds).toBeGreaterThan(whole.seconds * (share - 0.25));
      expect(seconds).toBeLessThan(whole.seconds * (share + 0.1));
    }
  });

  test("a WAV file of a page that was killed is read as far as it goes", async () => {
    const bytes = writeWav([tone(440, 16_000, 2)], 16_000);
    const { seconds, truncated } = await decodeAudio(bytes.subarray(0, bytes.length / 2 + 1));
    expect(seconds).toBeCloseTo(1, 2);
    expect(truncated).toBe(true);
  });
});

describe("bytes that are no recording", () => {
  const refusal = (bytes: Uint8Array) =>
    decodeAudio(bytes).then(
      ({ seconds }) => `decoded ${seconds} s`,
      (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
    );

  test.each([
    ["nothing", new Uint8Array(0)],
    ["zeros", new Uint8Array(100_000)],
    ["a WebM header alone", recorded("mono.webm").subarray(0, 120)],
    ["a WAV header alone", writeWav([new Float32Array(0)], 16_000)],
    ["a FLAC mark alone", new TextEncoder().encode("fLaC")],
    ["text", new TextEncoder().encode("<html>captive portal</html>".repeat(100))],
  ])("%s is refused as unsupported_audio", async (_, bytes) => {
    expect(await refusal(bytes)).toBe("unsupported_audio");
  });

  test("random bytes are refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5_000 }), async (bytes) => {
        expect(await refusal(bytes)).toBe("unsupported_audio");
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("damage anywhere gives sound or a refusal, never another error", async () => {
    const files = [recorded("stereo.webm"), writeWav([tone(440, 8_000, 0.3)], 8_000)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 30 }),
        async (file, damage) => {
          const bytes = file.slice();
          for (const [at, value] of damage) bytes[at % bytes.length] = value;
          expect(await refusal(bytes)).toMatch(/^decoded |^unsupported_audio$/);
        },
      ),
      { numRuns: 150, seed: 7 },
    );
  });
});
