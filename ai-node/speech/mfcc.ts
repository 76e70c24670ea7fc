import { SAMPLE_RATE } from "../audio/sample-buffer.ts";

/** Mel-frequency cepstral coefficients: what a voice sounds like, apart from how loud it is. */
const WINDOW = 400;
/** 20 ms: the mean over a turn is the same as with the usual 10 ms, in half the time. */
const HOP = 320;
const FFT_SIZE = 512;
const MELS = 40;
/** Coefficients 1 … 19; coefficient 0 is loudness. */
export const MFCC_COUNT = 19;
/** Frames this much quieter than the loudest (natural logarithm of energy) are pauses. */
const QUIET = 6;

const toMel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
const toHertz = (mel: number) => 700 * (Math.exp(mel / 1127) - 1);

const hamming = Float64Array.from(
  { length: WINDOW },
  (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (WINDOW - 1)),
);

/** Triangular filters, 80 … 7600 Hz: bins with their weights. */
const filters = (() => {
  const low = toMel(80);
  const high = toMel(7600);
  const edge = (i: number) => (toHertz(low + ((high - low) * i) / (MELS + 1)) * FFT_SIZE) / SAMPLE_RATE;
  return Array.from({ length: MELS }, (_, m) => {
    const [left, centre, right] = [edge(m), edge(m + 1), edge(m + 2)];
    const weights: [number, number][] = [];
    for (let bin = Math.ceil(left); bin < right; bin++) {
      weights.push([bin, bin < centre ? (bin - left) / (centre - left) : (right - bin) / (right - centre)]);
    }
    return weights;
  });
})();

const cosines = Array.from({ length: MFCC_COUNT }, (_, q) =>
  Float64Array.from({ length: MELS }, (_, m) => Math.cos((Math.PI * (q + 1) * (m + 0.5)) / MELS)),
);

const swap = (row: Float64Array, i: number, j: number) => {
  [row[i], row[j]] = [row[j]!, row[i]!];
};

const roots = Array.from({ length: FFT_SIZE / 2 }, (_, k) => {
  const angle = (-2 * Math.PI * k) / FFT_SIZE;
  return { c: Math.cos(angle), s: Math.sin(angle) };
});

/** In-place fast Fourier transform of `FFT_SIZE` values. */
function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(re, i, j);
      swap(im, i, j);
    }
  }
  for (let size = 2; size <= n; size <<= 1) {
    for (let k = 0; k < size / 2; k++) {
      const { c, s } = roots[(k * n) / size]!;
      for (let i = k; i < n; i += size) {
        const j = i + size / 2;
        const x = re[j]! * c - im[j]! * s;
        const y = re[j]! * s + im[j]! * c;
        re[j] = re[i]! - x;
        im[j] = im[i]! - y;
        re[i] = re[i]! + x;
        im[i] = im[i]! + y;
      }
    }
  }
}

function frameAt(audio: Float32Array, start: number): { energy: number; coefficients: number[] } {
  const re = new Float64Array(FFT_SIZE);
  const im = new Float64Array(FFT_SIZE);
  let energy = 0;
  for (let i = 0; i < WINDOW; i++) {
    const sample = audio[start + i]! - 0.97 * (audio[start + i - 1] ?? 0);
    energy += sample * sample;
    re[i] = sample * hamming[i]!;
  }
  fft(re, im);
  const logMels = filters.map((weights) => {
    let sum = 1e-10;
    for (const [bin, weight] of weights) sum += weight * (re[bin]! ** 2 + im[bin]! ** 2);
    return Math.log(sum);
  });
  const coefficients = cosines.map((row) => logMels.reduce((sum, value, m) => sum + value * row[m]!, 0));
  return { energy: Math.log(energy + 1e-10), coefficients };
}

/** Mean coefficients over the louder frames: 19 numbers that describe the voice. Null when there is no frame. */
export function voicePrint(audio: Float32Array): number[] | null {
  const frames: ReturnType<typeof frameAt>[] = [];
  for (let start = 0; start + WINDOW <= audio.length; start += HOP) frames.push(frameAt(audio, start));
  const loudest = frames.reduce((most, { energy }) => Math.max(most, energy), Number.NEGATIVE_INFINITY);
  const loud = frames.filter(({ energy }) => energy > loudest - QUIET);
  if (loud.length === 0) return null;
  return Array.from(
    { length: MFCC_COUNT },
    (_, q) => loud.reduce((sum, { coefficients }) => sum + coefficients[q]!, 0) / loud.length,
  );
}
