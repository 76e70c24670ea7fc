import type { AiDevice } from "#domain/ai/job.ts";
import type { GuardedText } from "./guards.ts";

export interface WorkerOptions {
  readonly modelsDir: string;
  readonly modelId: string;
  readonly device: AiDevice;
}

export interface WorkerRequest {
  readonly kind: "probabilities" | "hear";
  readonly audio: Float32Array<ArrayBuffer>;
}

/** Sent when a worker is idle: it lets go of its models and ends. */
export const STOP = "stop";

export interface Heard {
  /** Null when the stretch holds no words and is too short to be worth a mark. */
  readonly heard: GuardedText | null;
  readonly print: number[] | null;
}

export type WorkerReply =
  | { readonly kind: "ready"; readonly device: AiDevice; readonly warning?: string | undefined }
  | { readonly kind: "probabilities"; readonly probabilities: Float32Array }
  | ({ readonly kind: "heard" } & Heard)
  | { readonly kind: "failed"; readonly message: string };
