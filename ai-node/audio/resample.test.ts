import { describe, expect, test } from "vitest";
import { createResampler } from "./resample.ts";

const tone = (hertz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));

function inBlocks(samples: Float32Array, from: number, to: number, block: number): number[] {
  const resampler = createResampler(from, to);
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += block)
    out.push(...resampler.push(samples.subarray(at, at + block)));
  out.push(...resampler.flush());
  return out;
}

const power = (samples: readonly number[]): number =>
  samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;

describe("resampling", () => {
  test.each([8_000, 22_050, 44_100, 48_000, 96_000])("keeps length and a 440 Hz tone from %i Hz", (rate) => {
    const out = inBlocks(tone(440, rate, 1), rate, 16_000, 1000);
    expect(out.length).toBeGreaterThanOrEqual(15_999);
    expect(out.length).toBeLessThanOrEqual(16_000);
    const wanted = tone(440, 16_000, 1);
    const worst = out
      .slice(200, -200)
      .reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i + 200]!)), 0);
    expect(worst).toBeLessThan(0.005);
  });

  test("takes out what 16 kHz cannot hold", () => {
    const out = inBlocks(tone(10_000, 48_000, 1), 48_000, 16_000, 4096);
    expect(power(out.slice(500, -500))).toBeLessThan(1e-5);
  });

  test("gives the same samples whatever the size of the blocks", () => {
    const samples = tone(1_234, 44_100, 0.5);
    expect(inBlocks(samples, 44_100, 16_000, 333)).toEqual(inBlocks(samples, 44_100, 16_000, samples.length));
  });
});
