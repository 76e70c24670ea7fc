import type { InferenceSession } from "./onnx-runtime.ts";

/**
 * How every model is opened.
 * @param device execution provider of onnxruntime
 */
export const sessionOptions = (device: string): InferenceSession.SessionOptions => ({
  executionProviders: [device],
  // One thread each: two workers with one thread beat one worker with two.
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: "all",
  // Moonshine's output layer is stored as int8 but multiplied as float. Without this it is unpacked again for every
  // token, a third of all time; with it once, for 54 MB of memory. The numbers are the same.
  extra: { session: { disable_quant_qdq: "1" } },
});
