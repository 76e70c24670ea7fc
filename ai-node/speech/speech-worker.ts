import { parentPort, workerData } from "node:worker_threads";
import type { AiDevice } from "#domain/ai/job.ts";
import { readModel } from "../models/model-file.ts";
import { recogniseGuarded } from "./guards.ts";
import { voicePrint } from "./mfcc.ts";
import { loadMoonshine } from "./moonshine.ts";
import type { WorkerOptions, WorkerReply, WorkerRequest } from "./speech-pool.ts";
import { loadVoiceDetector } from "./vad.ts";

/** Runs in a worker thread, because one run of a model blocks its event loop for up to half a second. */
const port = parentPort!;
const options = workerData as WorkerOptions;

async function loadRecogniser() {
  const files = await readModel(options.modelsDir, options.modelId);
  if (options.device === "cpu") return { recogniser: await loadMoonshine(files), device: "cpu" as AiDevice };
  try {
    return { recogniser: await loadMoonshine(files, options.device), device: options.device };
  } catch (error) {
    const warning = error instanceof Error ? error.message.slice(0, 300) : "unknown reason";
    return { recogniser: await loadMoonshine(files), device: "cpu" as AiDevice, warning };
  }
}

const detectorFiles = await readModel(options.modelsDir, "silero-vad-v6");
const detector = await loadVoiceDetector([...detectorFiles.values()][0]!);
const { recogniser, device, warning } = await loadRecogniser();

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  if (request.kind === "probabilities") {
    return { kind: "probabilities", probabilities: await detector.probabilities(request.audio) };
  }
  const heard = await recogniseGuarded(recogniser, request.audio);
  return { kind: "heard", heard, print: heard ? voicePrint(request.audio) : null };
}

port.on("message", (request: WorkerRequest) => {
  answer(request).then(
    (reply) => port.postMessage(reply),
    (error: unknown) => port.postMessage({ kind: "failed", message: String(error) } satisfies WorkerReply),
  );
});
port.postMessage({ kind: "ready", device, warning } satisfies WorkerReply);
