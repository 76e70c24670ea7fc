import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { readConfig } from "./config.ts";
import { sha256Of } from "./models/model-file.ts";
import { type FakeServer, startFakeServer } from "./testing/fake-server/fake-server.ts";
import { preparedModels } from "./testing/prepared-models.ts";
import { synthesizeDialogue } from "./testing/speech-synthesis/synthesize-dialogue.ts";
import { kneeVisit } from "./testing/speech-synthesis/visit-dialogue.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let server: FakeServer;
let folder: string;
let child: ChildProcess | undefined;
let lines: string[];
beforeEach(async () => {
  server = await startFakeServer("secret-token");
  folder = await mkdtemp(join(tmpdir(), "jamemr-node-"));
  await writeFile(join(folder, "token"), "secret-token\n", { mode: 0o600 });
  lines = [];
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await server.close();
  await rm(folder, { recursive: true });
});

async function startNode(env: Record<string, string> = {}): Promise<ChildProcess> {
  const settings = { JAMEMR_URL: server.url.href, JAMEMR_TOKEN_FILE: join(folder, "token"), ...env };
  child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: { ...process.env, JAMEMR_MODELS: await preparedModels(), ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: child.stdout! }).on("line", (line) => lines.push(line));
  return child;
}

describe("the AI node's process", () => {
  test("does a job, logs one JSON object per line without a word that was said, and stops on SIGTERM", async () => {
    const { wav } = await synthesizeDialogue(kneeVisit.slice(0, 2));
    const part = { part: 0, mime: "audio/wav", seconds: 10, sha256: sha256Of(wav), startOffset: 0 };
    const ids = { id: newId(), recordingId: newId() };
    server.offer(
      { ...ids, kind: "transcribe", attempt: 1, language: "en", parts: [part], gaps: [] },
      new Map([[0, wav]]),
    );
    const node = await startNode();
    await server.until(({ kind }) => kind === "completed");
    node.kill("SIGTERM");
    const [code] = await once(node, "exit");
    expect(code).toBe(0);
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events[0]).toBe("models_loaded");
    expect(events).toContain("job_claimed");
    expect(events.at(-1)).toBe("node_stopped");
    expect(lines.join()).not.toMatch(/knee|stairs|secret-token/i);
    expect(server.events.find(({ kind }) => kind === "announced")).toMatchObject({
      node: { device: "cpu", models: [{ id: "moonshine-base-q8" }, { id: "silero-vad-v6" }] },
    });
  });

  test("stops cleanly in the middle of a job", async () => {
    const { wav } = await synthesizeDialogue(kneeVisit);
    const part = { part: 0, mime: "audio/wav", seconds: 70, sha256: sha256Of(wav), startOffset: 0 };
    const ids = { id: newId(), recordingId: newId() };
    server.offer(
      { ...ids, kind: "transcribe", attempt: 1, language: "en", parts: [part], gaps: [] },
      new Map([[0, wav]]),
    );
    const node = await startNode();
    await server.until((event) => event.kind === "progress" && event.stage === "speech");
    node.kill("SIGINT");
    const [code] = await once(node, "exit");
    expect(code).toBe(0);
    expect(server.events.some(({ kind }) => kind === "completed")).toBe(false);
  });

  test("falls back to the processor, with a warning, where the device asked for cannot run", async () => {
    const node = await startNode({ JAMEMR_DEVICE: "cuda", JAMEMR_SPEECH_MODEL: "moonshine-tiny-q8" });
    const announced = await server.until(({ kind }) => kind === "announced");
    expect(announced).toMatchObject({ node: { device: expect.stringMatching(/^(?:cpu|cuda)$/) } });
    node.kill("SIGTERM");
    await once(node, "exit");
    const loaded = JSON.parse(lines[0]!) as { event: string; device: string; wanted?: string };
    expect(loaded.event).toBe("models_loaded");
    if (loaded.device === "cpu") expect(loaded.wanted).toBe("cuda");
  });

  test("says why it cannot start, and exits with an error", async () => {
    const node = await startNode({ JAMEMR_MODELS: folder });
    const [code] = await once(node, "exit");
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(/is missing: run the set-up again.*node_failed/);
  });
});

describe("configuration", () => {
  test("never sends the token in clear over a network", () => {
    expect(() => readConfig({ JAMEMR_URL: "http://clinic.local:8080" })).toThrow(/use https/);
    expect(readConfig({ JAMEMR_URL: "http://127.0.0.1:8080" }).url.port).toBe("8080");
    expect(readConfig({ JAMEMR_URL: "https://clinic.local:8443" }).device).toBe("cpu");
  });

  test("refuses what it cannot read", () => {
    expect(() => readConfig({ JAMEMR_DEVICE: "abacus" })).toThrow();
    expect(() => readConfig({ JAMEMR_URL: "file:///etc/passwd" })).toThrow();
    expect(() => readConfig({ JAMEMR_WORKERS: "many" })).toThrow();
  });
});
