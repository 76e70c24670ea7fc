import { MAX_RECORDING_SECONDS } from "#domain/ai/job.ts";
import { DomainError } from "#domain/errors/catalog.ts";

/** Rate of all sound inside the node, in hertz. */
export const SAMPLE_RATE = 16_000;

/** A growing row of samples at 16 kHz that never grows past the longest allowed recording. */
export interface SampleBuffer {
  readonly length: number;
  append(block: Float32Array): void;
  silence(samples: number): void;
  take(): Float32Array<ArrayBuffer>;
}

/** @throws {DomainError} `unsupported_audio` from `append` and `silence`, when the sound would be too long */
export function createSampleBuffer(): SampleBuffer {
  let samples = new Float32Array(SAMPLE_RATE);
  let length = 0;
  const grow = (more: number) => {
    if (length + more > MAX_RECORDING_SECONDS * SAMPLE_RATE)
      throw new DomainError("unsupported_audio", "too long");
    if (length + more <= samples.length) return;
    const larger = new Float32Array(Math.max(length + more, Math.ceil(samples.length * 1.5)));
    larger.set(samples.subarray(0, length));
    samples = larger;
  };
  return {
    get length() {
      return length;
    },
    append(block) {
      grow(block.length);
      samples.set(block, length);
      length += block.length;
    },
    silence(count) {
      if (count <= 0) return;
      grow(count);
      length += count;
    },
    take: () => samples.subarray(0, length),
  };
}
