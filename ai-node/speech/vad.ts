import { InferenceSession, Tensor } from "./onnx-runtime.ts";
import { sessionOptions } from "./session-options.ts";

/** Samples per judged frame: 32 ms at 16 kHz. */
export const VAD_FRAME = 512;
/** Silero v6 wants the 64 samples before each frame in front of it. */
const CONTEXT = 64;
const STATE_SHAPE = [2, 1, 128];

/** Voice activity by Silero v6. */
export interface VoiceDetector {
  /** Probability of speech (0 … 1) for each frame of 512 samples; the last frame may be filled up with silence. */
  probabilities(audio: Float32Array): Promise<Float32Array>;
}

/** @param model bytes of `silero_vad_v6.onnx`, already checked */
export async function loadVoiceDetector(model: Uint8Array): Promise<VoiceDetector> {
  const session = await InferenceSession.create(model, sessionOptions("cpu"));
  const rate = new Tensor("int64", BigInt64Array.from([16_000n]), []);
  return {
    async probabilities(audio) {
      let state: Tensor = new Tensor("float32", new Float32Array(256), STATE_SHAPE);
      const out = new Float32Array(Math.ceil(audio.length / VAD_FRAME));
      for (let frame = 0; frame < out.length; frame++) {
        const input = new Float32Array(CONTEXT + VAD_FRAME);
        const start = frame * VAD_FRAME - CONTEXT;
        input.set(audio.subarray(Math.max(0, start), start + input.length), Math.max(0, -start));
        const result = await session.run({
          input: new Tensor("float32", input, [1, input.length]),
          state,
          sr: rate,
        });
        out[frame] = (result.output!.data as Float32Array)[0]!;
        state = result.stateN!;
      }
      return out;
    },
  };
}
