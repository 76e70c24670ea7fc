import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultModelCache, prepareModels } from "../models/prepare-models.ts";
import { createSpeechPool, type SpeechPool } from "../speech/speech-pool.ts";

/** The real models in a folder that all test files share; the user's cache makes this quick. */
export async function preparedModels(): Promise<string> {
  const modelsDir = join(tmpdir(), "jamemr-test-models");
  await prepareModels({ cacheDir: defaultModelCache(), modelsDir });
  return modelsDir;
}

/** A pool like the node's own: base model, two workers. */
export const testPool = async (): Promise<SpeechPool> =>
  createSpeechPool({
    modelsDir: await preparedModels(),
    modelId: "moonshine-base-q8",
    device: "cpu",
    workers: 2,
  });
