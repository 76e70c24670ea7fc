/**
 * Band-limited resampling of sound that arrives in blocks. A windowed-sinc filter is computed once per pair of rates
 * for each of the few sub-sample positions that occur (a polyphase table), so that each output sample costs one dot
 * product.
 */
export interface Resampler {
  /** Resamples a block. What is returned may lag behind by the filter's half length. */
  push(block: Float32Array): Float32Array;
  /** The rest, as if silence followed. */
  flush(): Float32Array;
}

/** Zero crossings of the sinc on each side. 16 keep aliases below −60 dB. */
const CROSSINGS = 16;
/** Share of the narrower band that passes. */
const PASS = 0.95;

interface Table {
  /** Output step is `step / phases` input samples. */
  readonly phases: number;
  readonly step: number;
  readonly half: number;
  /** `phases` rows of `2 · half` weights. */
  readonly weights: Float32Array;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

function buildTable(from: number, to: number): Table {
  const divisor = greatestDivisor(from, to);
  const phases = to / divisor;
  const step = from / divisor;
  const cut = Math.min(1, to / from) * PASS;
  const half = Math.ceil(CROSSINGS / cut);
  const weights = new Float32Array(phases * 2 * half);
  for (let phase = 0; phase < phases; phase++) {
    const row = weights.subarray(phase * 2 * half, (phase + 1) * 2 * half);
    let sum = 0;
    for (let tap = 0; tap < row.length; tap++) {
      const distance = phase / phases - (tap - half + 1);
      const x = Math.PI * cut * distance;
      const sinc = distance === 0 ? 1 : Math.sin(x) / x;
      row[tap] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / (half + 1)));
      sum += row[tap]!;
    }
    for (let tap = 0; tap < row.length; tap++) row[tap] = row[tap]! / sum;
  }
  return { phases, step, half, weights };
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function tableResampler({ phases, step, half, weights }: Table): Resampler {
  // `kept[0]` stands for input sample `first`; the filter reaches `half - 1` samples before the start.
  let kept: Float32Array = new Float32Array(half - 1);
  let first = 1 - half;
  let next = 0;
  let received = 0;

  const drain = (limit: number): Float32Array => {
    const out = new Float32Array(Math.max(0, Math.ceil(((limit - half) * phases) / step) - next + 1));
    let count = 0;
    for (; ; next++) {
      const at = Math.floor((next * step) / phases);
      if (at + half >= limit) break;
      const row = ((next * step) % phases) * 2 * half;
      const start = at - half + 1 - first;
      let sum = 0;
      for (let tap = 0; tap < 2 * half; tap++) sum += weights[row + tap]! * kept[start + tap]!;
      out[count++] = sum;
    }
    const unused = Math.floor((next * step) / phases) - half + 1 - first;
    if (unused > 0) {
      kept = kept.slice(unused);
      first += unused;
    }
    return out.subarray(0, count);
  };

  return {
    push(block) {
      kept = joined(kept, block);
      received += block.length;
      return drain(received);
    },
    flush() {
      kept = joined(kept, new Float32Array(2 * half));
      const total = Math.floor((received * phases) / step);
      const rest = drain(received + 2 * half);
      return rest.subarray(0, Math.max(0, rest.length - (next - total)));
    },
  };
}

const unchanged: Resampler = { push: (block) => block, flush: () => new Float32Array(0) };
const tables = new Map<string, Table>();

/** @param from rate of the blocks in hertz, a whole number; @param to wanted rate in hertz */
export function createResampler(from: number, to: number): Resampler {
  if (from === to) return unchanged;
  const key = `${from}:${to}`;
  const table = tables.get(key) ?? buildTable(from, to);
  tables.set(key, table);
  return tableResampler(table);
}
