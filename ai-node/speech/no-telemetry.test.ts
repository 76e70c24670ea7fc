import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { now } from "#domain/kernel/clock.ts";
import { preparedModels } from "../testing/prepared-models.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jamemr-silent-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a program with the real runtime in it, with nothing in its home and its temporary folder. */
async function leftBehind(program: string): Promise<string[]> {
  const { ORT_DISABLE_TELEMETRY: _set, XDG_CACHE_HOME: _cache, ...env } = process.env;
  const log = (pid: number) => `/tmp/mat-debug-${pid}.log`;
  const began = now();
  const child = spawn(process.execPath, ["-e", program], {
    cwd: join(import.meta.dirname, "../.."),
    env: { ...env, HOME: folder, TMPDIR: folder, MODELS: await preparedModels() },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += String(chunk);
  });
  const [status] = (await once(child, "close")) as [number];
  expect({ status, said: said.trim() }).toEqual({ status: 0, said: "done" });
  // A process that had this number before, of some other program, may have left one there too.
  const written = await stat(log(child.pid!)).catch(() => undefined);
  const elsewhere = written && written.mtimeMs >= began ? [log(child.pid!)] : [];
  return [...(await readdir(folder, { recursive: true })), ...elsewhere];
}

const detect = `
const { readFile } = await import("node:fs/promises");
const model = await readFile(process.env.MODELS + "/silero-vad-v6/silero_vad_v6.onnx");
const { loadVoiceDetector } = await import("./ai-node/speech/vad.ts");
await (await loadVoiceDetector(model)).probabilities(new Float32Array(1024));
console.log("done");
`;

test("the runtime leaves nothing in the home or temporary folder: it reports to nobody", async () => {
  expect(await leftBehind(detect)).toEqual([]);
});

test("nor do the worker threads of the pool", async () => {
  const program = `
const { createSpeechPool } = await import("./ai-node/speech/speech-pool.ts");
const pool = await createSpeechPool({
  modelsDir: process.env.MODELS, modelId: "moonshine-tiny-q8", device: "cpu", workers: 1,
});
await pool.probabilities(new Float32Array(1024));
await pool.close();
console.log("done");
`;
  expect(await leftBehind(program)).toEqual([]);
});

test("a worker thread whose parent did not silence it refuses to load the runtime", async () => {
  const program = `
const { Worker } = await import("node:worker_threads");
const { pathToFileURL } = await import("node:url");
const url = pathToFileURL("ai-node/speech/onnx-runtime.ts").href;
const worker = new Worker("import(" + JSON.stringify(url) + ").then(() => console.log('loaded'), (e) => { console.log(/ORT_DISABLE_TELEMETRY/.test(e.message) ? 'done' : e.message) })", { eval: true });
await new Promise((resolve) => worker.on("exit", resolve));
`;
  expect(await leftBehind(program)).toEqual([]);
});
