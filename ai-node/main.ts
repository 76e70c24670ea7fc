import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pino } from "pino";
import type { NodeHeartbeat } from "#domain/ai/job.ts";
import { deriveId } from "#domain/kernel/id.ts";
import packageJson from "../package.json" with { type: "json" };
import { type NodeConfig, readConfig } from "./config.ts";
import { modelById, modelDigest } from "./models/manifest.ts";
import { createSpeechPool, type SpeechPool } from "./speech/speech-pool.ts";
import { openHistoryWitness } from "./worker/history-witness.ts";
import { type NodeEvent, runNode } from "./worker/node-loop.ts";
import { createServerClient } from "./worker/server-client.ts";

/** Beside the token: the heads of the practice's audit log that this node has seen. */
const HISTORY_FILE = "history.json";

/** One JSON line per event on standard output. */
const log = pino({ name: "jamemr-ai-node", base: { pid: process.pid }, messageKey: "event" });
const onEvent: NodeEvent = (level, event, facts = {}) => log[level](facts, event);

const models = (config: NodeConfig): NodeHeartbeat["models"] =>
  [config.modelId, "silero-vad-v6"].map((id) => ({ id, sha256: modelDigest(modelById(id)) }));

/** Keeps one pool and replaces it when a worker died. */
function poolKeeper(config: NodeConfig) {
  let current: Promise<SpeechPool> | undefined;
  const create = async () => {
    const { modelsDir, modelId, device, workers } = config;
    const pool = await createSpeechPool({ modelsDir, modelId, device, workers });
    onEvent(pool.warning ? "warn" : "info", "models_loaded", {
      device: pool.device,
      model: pool.modelId,
      ...(pool.warning && { wanted: config.device, reason: pool.warning }),
    });
    return pool;
  };
  return {
    async get(): Promise<SpeechPool> {
      if (current && (await current.catch(() => null))?.broken === false) return current;
      current = create();
      return current;
    },
    async close(): Promise<void> {
      await (await current?.catch(() => null))?.close();
    },
  };
}

async function run(config: NodeConfig, signal: AbortSignal): Promise<void> {
  const tokenFile = resolve(config.tokenFile);
  const keeper = poolKeeper(config);
  // A node that cannot hear is of no use: models are loaded before it is announced.
  const first = await keeper.get();
  const client = createServerClient({
    url: config.url,
    token: async () => (await readFile(tokenFile, "utf8")).trim(),
    ca: config.caFile && (await readFile(config.caFile, "utf8")),
  });
  const witness = await openHistoryWitness(client, join(dirname(tokenFile), HISTORY_FILE));
  const identity = (): NodeHeartbeat => ({
    historyFault: witness.fault,
    nodeId: deriveId("ai-node", hostname(), tokenFile),
    name: config.name ?? hostname(),
    version: packageJson.version,
    device: first.device,
    models: models(config),
  });
  await runNode({ client, identity, witness, pool: keeper.get, onEvent, signal });
  await keeper.close();
}

const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => stopping.abort(new Error(`stopped by ${name}`)));
}
try {
  await run(readConfig(), stopping.signal);
  onEvent("info", "node_stopped");
} catch (error) {
  onEvent("error", "node_failed", { reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
