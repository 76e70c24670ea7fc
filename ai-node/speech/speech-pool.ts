import "./no-telemetry.ts";
import { Worker } from "node:worker_threads";
import type { AiDevice } from "#domain/ai/job.ts";
import {
  type Heard,
  STOP,
  type WorkerOptions,
  type WorkerReply,
  type WorkerRequest,
} from "./speech-protocol.ts";

/** Worker threads that share the models' work. */
export interface SpeechPool {
  /** The device really used. */
  readonly device: AiDevice;
  readonly modelId: string;
  /** Why the device asked for could not be used. */
  readonly warning?: string | undefined;
  /** A worker died; make another pool. */
  readonly broken: boolean;
  /** Speech probability per frame of 512 samples. */
  probabilities(audio: Float32Array): Promise<Float32Array>;
  /** Text and voice print of a stretch of speech. */
  hear(audio: Float32Array): Promise<Heard>;
  /**
   * Fails what waits, lets each worker finish the run it is in (at most some seconds) and ends it. A worker must never
   * be terminated within a run: onnxruntime would take the whole process down.
   */
  close(): Promise<void>;
}

interface Task {
  readonly request: WorkerRequest;
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
}

const firstReply = (worker: Worker): Promise<WorkerReply> =>
  new Promise((resolve, reject) => {
    const leave = () => worker.off("message", finish).off("error", fail).off("exit", end);
    const finish = (reply: WorkerReply) => {
      leave();
      resolve(reply);
    };
    const fail = (error: unknown) => {
      leave();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const end = () => fail(new Error("the speech worker ended before it was ready"));
    worker.on("message", finish).on("error", fail).on("exit", end);
  });

/** Lets an idle worker end by itself. */
const ended = (worker: Worker): Promise<void> =>
  new Promise((resolve) => {
    if (worker.threadId < 0) return resolve();
    worker.once("exit", () => resolve());
    worker.postMessage(STOP);
  });

/** Hands tasks to idle workers in order; when a worker dies everything that waits fails. */
class Dispatcher {
  readonly #idle: Worker[];
  readonly #running = new Map<Worker, Task>();
  #waiting: Task[] = [];
  #fault: Error | undefined;
  #onIdle: (() => void) | undefined;

  constructor(workers: readonly Worker[]) {
    this.#idle = [...workers];
    for (const worker of workers) {
      worker.on("message", (reply: WorkerReply) => this.#finish(worker, reply));
      worker.on("error", (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
      worker.on("exit", () => this.#gone(worker));
    }
  }

  get broken(): boolean {
    return this.#fault !== undefined;
  }

  run(request: WorkerRequest): Promise<WorkerReply> {
    if (this.#fault) return Promise.reject(this.#fault);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#next();
    });
  }

  /** Rejects everything, now and later. */
  fail(error: Error): void {
    this.#fault ??= error;
    for (const task of [...this.#running.values(), ...this.#waiting]) task.reject(this.#fault);
    this.#waiting = [];
  }

  /** Resolves when no worker is in a run. */
  settled(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #gone(worker: Worker): void {
    this.#running.delete(worker);
    if (this.#running.size === 0) this.#onIdle?.();
    this.fail(new Error("a speech worker ended"));
  }

  #next(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!;
      const task = this.#waiting.shift()!;
      this.#running.set(worker, task);
      worker.postMessage(task.request, [task.request.audio.buffer]);
    }
  }

  #finish(worker: Worker, reply: WorkerReply): void {
    const task = this.#running.get(worker);
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (reply.kind === "failed") task?.reject(new Error(reply.message));
    else task?.resolve(reply);
    if (this.#running.size === 0) this.#onIdle?.();
    this.#next();
  }
}

/**
 * Starts the workers and loads the models in each.
 * @param workers number of threads; two on two cores are the measured optimum
 * @throws {Error} when a model is missing or damaged; the message names the file
 */
export async function createSpeechPool(
  options: WorkerOptions & { readonly workers: number },
): Promise<SpeechPool> {
  const { workers: size, modelsDir, modelId, device } = options;
  const workerData: WorkerOptions = { modelsDir, modelId, device };
  const start = () => new Worker(new URL("./speech-worker.ts", import.meta.url), { workerData });
  const workers = Array.from({ length: size }, start);
  const replies = await Promise.allSettled(workers.map(firstReply));
  const failed = replies.find((reply) => reply.status === "rejected");
  const ready = replies
    .flatMap((reply) => (reply.status === "fulfilled" ? [reply.value] : []))
    .find(({ kind }) => kind === "ready");
  if (failed || ready?.kind !== "ready") {
    await Promise.all(workers.map(ended));
    throw failed?.reason ?? new Error("the speech worker gave no sign of readiness");
  }
  const dispatcher = new Dispatcher(workers);
  return {
    device: ready.device,
    modelId: options.modelId,
    warning: ready.warning,
    get broken() {
      return dispatcher.broken;
    },
    async probabilities(audio) {
      const reply = await dispatcher.run({ kind: "probabilities", audio: Float32Array.from(audio) });
      if (reply.kind !== "probabilities") throw new Error("unexpected reply of a speech worker");
      return reply.probabilities;
    },
    async hear(audio) {
      const reply = await dispatcher.run({ kind: "hear", audio: Float32Array.from(audio) });
      if (reply.kind !== "heard") throw new Error("unexpected reply of a speech worker");
      return { heard: reply.heard, print: reply.print };
    },
    async close() {
      dispatcher.fail(new Error("the speech pool is closed"));
      await dispatcher.settled();
      await Promise.all(workers.map(ended));
    },
  };
}
