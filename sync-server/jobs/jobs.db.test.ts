import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cannedCompletion, type FakeNodeBehaviour, runFakeNode } from "#ai/testing/fake-node/fake-node.ts";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { transcriptIdOf } from "#domain/transcript/index.ts";
import { testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { completion, sealedPart, sealToServer, uploadPart } from "../testing/test-tablet.ts";
import { startVisit } from "../testing/visit.ts";
import { registerToken } from "../token/service-token.ts";
import { queueAfterRestore } from "./transcription.ts";

let practice: TestPractice;
let url: string;
let stopServer: () => Promise<void>;
let token: string;
let session: TestSession;
let n = 1;

beforeAll(async () => {
  practice = await openTestPractice({
    queueTimes: { heartbeatSeconds: 10, retryDelaySeconds: 0, monitorSeconds: 1 },
  });
  token = (await readFile(join(practice.folder, "ai-node", "token"), "utf8")).trim();
  const server = serve({ fetch: practice.app.fetch, port: 0, hostname: "127.0.0.1" });
  await vi.waitFor(() => expect(server.address()).not.toBeNull());
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  stopServer = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
  session = await practice.signIn("clinician");
});
afterAll(async () => {
  await stopServer();
  await practice.close();
});

/** A stored recording with a waiting job. */
async function record(): Promise<{ id: string; patientId: string }> {
  const visit = await startVisit(practice, session, n);
  const [id, key] = [newId(), randomBytes(32)];
  const args = {
    id,
    encounterId: visit.encounterId,
    patientId: visit.patientId,
    consent: { by: "patient" as const, at: instantNow() },
    sealedKey: await sealToServer(session, key),
  };
  await practice.push(session, [mutation(session, n + 2, "recording.begin", args)]);
  const { upload, facts } = await sealedPart(id, 0, key, [randomBytes(500)]);
  await uploadPart(practice, `${id}.0`, upload, { authorize: () => `Bearer ${session.accessToken}` });
  const done = completion(id, [facts]);
  const { results } = await practice.push(session, [mutation(session, n + 3, "recording.complete", done)]);
  expect(results).toMatchObject([{ status: "applied" }]);
  n += 4;
  return { id, patientId: visit.patientId };
}

const node = (behaviour: FakeNodeBehaviour, as = token, waitSeconds = 5) =>
  runFakeNode({ url, token: as, behaviour, waitSeconds });
const recording = async (id: string) =>
  (
    await practice.owner<{ status: string; failure: string | null; progress: number }>(
      "select status, failure, progress from recording where id = $1",
      [id],
    )
  )[0]!;
const transcripts = (id: string) =>
  practice.owner<{ id: string; sealed: Buffer }>(
    "select id, sealed from transcript where recording_id = $1",
    [id],
  );

describe("an AI job", () => {
  it("done well gives one sealed transcript with provenance, also when it is completed twice; C17 its words go with the key", async () => {
    const { id, patientId } = await record();
    const before = await practice.head();
    const { job, calls } = await node("completes-twice");
    expect(job?.recordingId).toBe(id);
    expect(job?.chart).not.toHaveProperty("name");
    expect(calls.slice(-2).map(({ status }) => status)).toEqual([200, 200]);
    expect(await recording(id)).toMatchObject({ status: "transcribed", progress: 1, failure: null });
    const stored = await transcripts(id);
    expect(stored).toHaveLength(1);
    expect(stored[0]!.id).toBe(transcriptIdOf(id));
    expect(stored[0]!.sealed.toString("latin1")).not.toContain("knee");
    const records = await practice.audit(before);
    expect(records.filter(({ action }) => action !== "job.progressed").map(({ action }) => action)).toEqual([
      "job.claimed",
      "transcript.created",
      "draft.created",
    ]);
    expect(records.every(({ actor }) => actor.type !== "user")).toBe(true);
    expect(records[0]).toMatchObject({ onBehalfOf: session.user.id, patientId });
    // The words reach the chart of a clinician's tablet.
    const client = testClient(practice, session);
    client.want.push(`chart:${patientId}`);
    await client.pull();
    expect(client.published.get(`chart:${patientId}/${transcriptIdOf(id)}`)?.data).toMatchObject({
      segments: cannedCompletion(job!).transcript.segments,
      draft: { sections: [{ id: "subjective" }] },
    });
    // C17: with the visit's key its words are gone, in every backup too; that there was a transcript stays.
    const [{ encounter_id: encounterId }] = (await practice.owner<{ encounter_id: string }>(
      "select encounter_id from recording where id = $1",
      [id],
    )) as [{ encounter_id: string }];
    await rm(join(practice.folder, "keys", "visits", encounterId));
    const later = testClient(practice, await practice.signIn("clinician"));
    later.want.push(`chart:${patientId}`);
    await later.pull();
    expect(later.published.get(`chart:${patientId}/${transcriptIdOf(id)}`)?.data).toMatchObject({
      segments: [],
      draft: null,
      destroyed: true,
    });
    expect(later.wire.join()).not.toContain("knee");
  });

  it("of a lying node is refused, and charting is untouched", async () => {
    const { id } = await record();
    const marks = await practice.owner("select count(*) as n from note");
    for (const [behaviour, status, code] of [
      ["bad-json", 400, "malformed_request"],
      ["wrong-shape", 400, "malformed_request"],
      ["false-evidence", 400, "malformed_request"],
    ] as const) {
      const { job, calls } = await node(behaviour);
      expect(job?.recordingId, behaviour).toBe(id);
      expect([calls.at(-1)!.status, JSON.parse(calls.at(-1)!.body).code], behaviour).toEqual([status, code]);
      expect(await transcripts(id)).toEqual([]);
      // The same node gives the job back, so that the next lie can be told.
      if (behaviour !== "false-evidence") {
        await practice.owner("select 1");
        await practice.practice.jobs.fail(job!.id, { code: "test", message: "" });
      } else {
        const body = JSON.stringify({
          ...cannedCompletion(job!),
          inputs: ["0".repeat(64)],
        });
        const wrongInput = await practice.request(
          `Bearer ${token}`,
          "POST",
          `/api/ai/jobs/${job!.id}/complete`,
          body,
          { "content-type": "application/json" },
        );
        expect([wrongInput.status, wrongInput.body.code]).toEqual([422, "checksum_mismatch"]);
        const huge = await practice.request(
          `Bearer ${token}`,
          "POST",
          `/api/ai/jobs/${job!.id}/complete`,
          "x".repeat(50 * 1024 * 1024),
          { "content-type": "application/json" },
        );
        expect([huge.status, huge.body.code]).toEqual([413, "payload_too_large"]);
        await practice.request(`Bearer ${token}`, "POST", `/api/ai/jobs/${job!.id}/fail`, {
          code: "lies",
          message: "",
        });
      }
    }
    expect(await recording(id)).toMatchObject({ status: "failed", failure: "lies" });
    expect(await practice.owner("select count(*) as n from note")).toEqual(marks);
  });

  it("that fails three times shows why on the recording, and the queue's own notice does not change it", async () => {
    const { id } = await record();
    for (let attempt = 1; attempt <= 3; attempt++) {
      const { job, calls } = await node("fails");
      expect([job?.recordingId, job?.attempt, calls.at(-1)!.status]).toEqual([id, attempt, 204]);
    }
    expect(await recording(id)).toMatchObject({ status: "failed", failure: "unsupported_audio" });
    expect((await node("good", token, 0)).job).toBeNull();
    await vi.waitFor(
      async () => {
        const em = practice.practice.database.em.fork();
        const sql = `select 1 from pgboss.job where name = 'ai-abandoned' and state = 'completed' and data->>'recordingId' = ?`;
        expect(await em.execute(sql, [id])).toHaveLength(1);
      },
      { timeout: 15_000, interval: 200 },
    );
    expect(await recording(id)).toMatchObject({ status: "failed", failure: "unsupported_audio" });
    const failures = (await practice.audit()).filter(
      ({ action, resource }) => action === "transcript.failed" && resource?.id === id,
    );
    expect(failures).toHaveLength(1);
  });

  it("of a killed node goes to another one after the missed heartbeat; what the dead one says later is refused", async () => {
    const { id } = await record();
    const { result: other } = await practice.practice.ledger.transact((tx) =>
      registerToken(practice.practice, tx, {
        purpose: "other node",
        scopes: ["ai:work"],
        days: 1,
        ownerId: null,
      }),
    );
    const dead = await node("killed", other.token);
    expect(dead.job?.recordingId).toBe(id);
    expect((await node("good", token, 0)).job).toBeNull();
    const alive = await node("good", token, 25);
    expect([alive.job?.recordingId, alive.job?.attempt]).toEqual([id, 2]);
    expect(alive.calls.at(-1)!.status).toBe(200);
    expect((await recording(id)).status).toBe("transcribed");
    const late = await practice.request(
      `Bearer ${other.token}`,
      "POST",
      `/api/ai/jobs/${dead.job!.id}/heartbeat`,
      {},
    );
    expect([late.status, late.body.code]).toEqual([409, "job_not_held"]);
  });

  it("is nobody else's: another token may neither hear, keep, finish nor fail it", async () => {
    const { id } = await record();
    const { result: other } = await practice.practice.ledger.transact((tx) =>
      registerToken(practice.practice, tx, { purpose: "thief", scopes: ["ai:work"], days: 1, ownerId: null }),
    );
    const { job } = await node("silent");
    expect(job?.recordingId).toBe(id);
    const calls: [string, string, unknown?][] = [
      ["GET", "audio?part=0"],
      ["POST", "heartbeat", {}],
      ["POST", "progress", { stage: "speech", done: 0.5 }],
      ["POST", "complete", cannedCompletion(job!)],
      ["POST", "fail", { code: "x", message: "" }],
    ];
    for (const [method, what, body] of calls) {
      const answer = await practice.request(
        `Bearer ${other.token}`,
        method,
        `/api/ai/jobs/${job!.id}/${what}`,
        body,
      );
      expect([answer.status, answer.body.code], what).toEqual([409, "job_not_held"]);
    }
    const progress = { stage: "speech" as const, done: 0.5 };
    await practice.request(`Bearer ${token}`, "POST", `/api/ai/jobs/${job!.id}/progress`, progress);
    expect(await recording(id)).toMatchObject({ status: "transcribing", progress: 0.5 });
    await practice.practice.jobs.complete(job!.id);
  });

  it("stops at once when the token is revoked, also for a claim that is waiting", async () => {
    const { result: revoked } = await practice.practice.ledger.transact((tx) =>
      registerToken(practice.practice, tx, {
        purpose: "revoked",
        scopes: ["ai:work"],
        days: 1,
        ownerId: null,
      }),
    );
    const waiting = node("good", revoked.token, 20);
    const started = performance.now();
    await vi.waitFor(async () => {
      const nodes = await practice.owner("select 1 from ai_node where token_id = $1", [revoked.id]);
      expect(nodes).toHaveLength(1);
    });
    await practice.request(await practice.signIn("security"), "POST", `/api/tokens/${revoked.id}/revoke`, {});
    const { job, calls } = await waiting;
    expect([job, calls.at(-1)!.status]).toEqual([null, 401]);
    expect(performance.now() - started).toBeLessThan(4000);
    const later = await practice.request(`Bearer ${revoked.token}`, "POST", "/api/ai/jobs/claim", {});
    expect([later.status, later.body.code]).toEqual([401, "token_revoked"]);
    // Other tokens work on.
    const { id } = await record();
    expect((await node("good")).job?.recordingId).toBe(id);
  });
});

describe("a restored practice", () => {
  it("queues what waited to be transcribed, once: its queue was in no backup", async () => {
    const { id } = await record();
    await practice.practice.database.em.fork().execute("delete from pgboss.job where name = 'ai'");
    await queueAfterRestore(practice.practice);
    await queueAfterRestore(practice.practice);
    const done: string[] = [];
    for (let job = (await node("good")).job; job; job = (await node("good", token, 0)).job)
      done.push(job.recordingId);
    expect(done.filter((one) => one === id)).toHaveLength(1);
    expect(await recording(id)).toMatchObject({ status: "transcribed" });
    await queueAfterRestore(practice.practice);
    expect((await node("good", token, 0)).job).toBeNull();
  });
});
