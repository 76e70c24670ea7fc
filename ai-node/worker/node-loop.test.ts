import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { AiJob, NodeHeartbeat } from "#domain/ai/job.ts";
import type { HistoryFault } from "#domain/audit/history-fault.ts";
import { newId } from "#domain/kernel/id.ts";
import { sha256Of } from "../models/model-file.ts";
import type { SpeechPool } from "../speech/speech-pool.ts";
import {
  type FakeServer,
  type FakeServerEvent,
  startFakeServer,
} from "../testing/fake-server/fake-server.ts";
import { testPool } from "../testing/prepared-models.ts";
import { type SpokenDialogue, synthesizeDialogue } from "../testing/speech-synthesis/synthesize-dialogue.ts";
import { kneeVisit } from "../testing/speech-synthesis/visit-dialogue.ts";
import { runNode } from "./node-loop.ts";
import { createServerClient } from "./server-client.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const TOKEN = "test-token";
const nodeId = newId();
const identity = (): NodeHeartbeat => ({ nodeId, name: "test", version: "0", device: "cpu", models: [] });

let pool: SpeechPool;
let dialogue: SpokenDialogue;
beforeAll(async () => {
  pool = await testPool();
  dialogue = await synthesizeDialogue(kneeVisit.slice(0, 6));
});
afterAll(() => pool.close());

let server: FakeServer;
let stopping: AbortController;
let running: Promise<void>;
let log: string[];
/** What the node's witness finds. */
let fault: HistoryFault | null;

/** Starts a node against the server; `token` may be wrong. */
function startNode(token = TOKEN, url = server.url): void {
  stopping = new AbortController();
  running = runNode({
    client: createServerClient({ url, token: async () => token }),
    identity,
    pool: async () => pool,
    witness: { look: async () => fault },
    onEvent: (level, event, facts) => log.push(JSON.stringify({ level, event, ...facts })),
    signal: stopping.signal,
    waitSeconds: 0,
    heartbeatMilliseconds: 50,
  });
}

beforeEach(async () => {
  log = [];
  fault = null;
  server = await startFakeServer(TOKEN);
});
afterEach(async () => {
  stopping.abort(new Error("test over"));
  await running;
  await server.close();
});

function jobOf(parts: Uint8Array[], more: Partial<AiJob> = {}): AiJob {
  return {
    id: newId(),
    kind: "transcribe",
    attempt: 1,
    recordingId: newId(),
    language: "en",
    parts: parts.map((bytes, part) => ({
      part,
      mime: "audio/wav",
      seconds: 30,
      sha256: sha256Of(bytes),
      startOffset: part * 60,
    })),
    gaps: [],
    ...more,
  };
}
const offer = (job: AiJob, parts: Uint8Array[]) =>
  server.offer(job, new Map(parts.map((bytes, i) => [i, bytes])));
const completed = (event: FakeServerEvent) => event.kind === "completed";
const failed = (event: FakeServerEvent) => event.kind === "failed";
const of = <K extends FakeServerEvent["kind"]>(event: FakeServerEvent, kind: K) => {
  if (event.kind !== kind) throw new Error(`expected ${kind}, got ${event.kind}`);
  return event as Extract<FakeServerEvent, { kind: K }>;
};

test("takes no work from a practice whose audit log is not what it was", async () => {
  fault = "shorter";
  server.offer(jobOf([]), new Map());
  startNode();
  await vi.waitFor(() => expect(log.join()).toContain('"event":"history_refused","fault":"shorter"'));
  expect(server.events.some(({ kind }) => kind === "claimed")).toBe(false);
});

describe("a node", () => {
  test("announces itself, does a job with two parts and a gap, and tells its progress", async () => {
    const parts = [dialogue.wav, dialogue.wav];
    const gap = { start: 31, end: 60, reason: "paused" };
    const job = jobOf(parts, { gaps: [gap], chart: { sex: "male" } });
    offer(job, parts);
    startNode();
    const { completion } = of(await server.until(completed), "completed");
    expect(completion.inputs).toEqual(job.parts.map(({ sha256 }) => sha256));
    expect(completion.transcript.gaps).toEqual([gap]);
    expect(completion.transcript.segments.some(({ start }) => start > 60)).toBe(true);
    const subjective = completion.draft.sections.find(({ id }) => id === "subjective");
    expect(subjective?.sentences.map(({ text }) => text).join(" ")).toContain("His left knee");
    expect(server.events.some(({ kind }) => kind === "announced")).toBe(true);
    expect(server.events.some(({ kind }) => kind === "held")).toBe(true);
    const stages = server.events.flatMap((event) => (event.kind === "progress" ? [event.stage] : []));
    expect([...new Set(stages)]).toEqual(["decode", "speech", "draft"]);
  });

  test("logs nothing that was said", async () => {
    offer(jobOf([dialogue.wav]), [dialogue.wav]);
    startNode();
    await server.until(completed);
    await vi.waitFor(() => expect(log.join()).toContain("job_completed"));
    expect(log.join()).not.toMatch(/knee|stairs|fever|garden|swelling/i);
  });

  test("fails a job whose bytes are not those of the tablet", async () => {
    const job = jobOf([dialogue.wav]);
    offer(job, [dialogue.wav.slice(0, -2)]);
    startNode();
    expect(of(await server.until(failed), "failed").failure.code).toBe("checksum_mismatch");
  });

  test("fails a job without readable sound, and does the next one", async () => {
    const noise = new Uint8Array(1000).fill(7);
    offer(jobOf([noise]), [noise]);
    startNode();
    expect(of(await server.until(failed), "failed").failure.code).toBe("unsupported_audio");
    offer(jobOf([dialogue.wav]), [dialogue.wav]);
    await server.until(completed);
  });

  test("one unreadable part is a gap and costs the others nothing", async () => {
    const parts = [new Uint8Array(1000).fill(7), dialogue.wav];
    offer(jobOf(parts), parts);
    startNode();
    const { completion } = of(await server.until(completed), "completed");
    expect(completion.transcript.gaps).toEqual([{ start: 0, end: 30, reason: "unreadable" }]);
    expect(completion.transcript.segments[0]!.start).toBeGreaterThan(60);
  });

  test("abandons a job at once when it is given to somebody else", async () => {
    offer(jobOf([dialogue.wav, dialogue.wav]), [dialogue.wav, dialogue.wav]);
    startNode();
    await server.until((event) => event.kind === "progress" && event.stage === "speech");
    server.takeAway();
    // The heartbeat finds out, long before the result would be refused.
    await vi.waitFor(() => expect(log.join()).toMatch(/"job_abandoned".*"reason":"job_not_held"/), {
      timeout: 10_000,
    });
    expect(server.events.some((event) => completed(event) || failed(event))).toBe(false);
  });

  test("survives a server that fails and one that restarts", async () => {
    server.failNext(3, 503);
    startNode();
    await vi.waitFor(() => expect(log.join()).toContain("claim_failed"), { timeout: 10_000 });
    const port = Number(server.url.port);
    await server.close();
    server = await startFakeServer(TOKEN, port);
    offer(jobOf([dialogue.wav]), [dialogue.wav]);
    await server.until(completed);
  });

  test("delivers its result to a server that was away when it was ready", async () => {
    offer(jobOf([dialogue.wav]), [dialogue.wav]);
    startNode();
    await server.until((event) => event.kind === "progress" && event.stage === "draft");
    // Whatever comes next is refused for a while, the result among it.
    server.failNext(2, 502);
    await server.until(completed);
  });

  test("keeps asking politely when its token is refused", async () => {
    startNode("wrong");
    await vi.waitFor(() => expect(log.join()).toContain("401 invalid_token"), { timeout: 10_000 });
    expect(server.events).toEqual([]);
  });

  test("stops within a moment in the middle of a job", async () => {
    offer(jobOf([dialogue.wav, dialogue.wav]), [dialogue.wav, dialogue.wav]);
    startNode();
    await server.until((event) => event.kind === "progress" && event.stage === "speech");
    stopping.abort(new Error("stopped"));
    await running;
    expect(server.events.some(completed)).toBe(false);
  });
});
