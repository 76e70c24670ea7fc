import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorCatalog, isErrorCode } from "#domain/errors/catalog.ts";
import { newId } from "#domain/kernel/id.ts";
import { mutationHash } from "#domain/sync/protocol.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import {
  type Answer,
  mutation,
  openTestPractice,
  type TestPractice,
  type TestSession,
} from "../testing/test-practice.ts";
import { deviceProof, envelope, signInTablet, type Tablet } from "../testing/test-tablet.ts";
import { booking, noteText, revise, startVisit } from "../testing/visit.ts";
import { type Json, nasty, places, replaced, stateOf, wrongBodies } from "../testing/wrong-bodies.ts";

const RUNS = Number(process.env.JAMEMR_FUZZ_RUNS ?? 100);
let practice: TestPractice;
let doctor: TestSession;
let tablet: Tablet;
let privacy: TestSession;
let security: TestSession;
let admin: TestSession;
let practiceIt: TestSession;
let ai: string;
let visit: Awaited<ReturnType<typeof startVisit>>;

beforeAll(async () => {
  practice = await openTestPractice();
  doctor = await practice.signIn("clinician");
  tablet = await signInTablet(practice, "frontdesk");
  privacy = await practice.signIn("privacy");
  security = await practice.signIn("security");
  admin = await practice.signIn("admin");
  practiceIt = await practice.signIn("it");
  visit = await startVisit(practice, doctor);
  ai = `Bearer ${(await readFile(join(practice.folder, "ai-node", "token"), "utf8")).trim()}`;
});
afterAll(() => practice.close());

function judge({ status, text, headers }: Answer, about: string): void {
  expect(status, `${about}\n${text.slice(0, 300)}`).toBeLessThan(500);
  if (status < 400) return;
  expect(headers.get("content-type"), about).toBe("application/problem+json");
  const problem = JSON.parse(text) as {
    code: string;
    status: number;
    title: string;
    type: string;
    requestId: string;
  };
  expect(isErrorCode(problem.code), `${about}: ${problem.code}`).toBe(true);
  expect(problem.status).toBe(status);
  expect(errorCatalog[problem.code as keyof typeof errorCatalog].status).toBe(status);
  expect(problem.requestId).toMatch(/^[0-9a-f-]{36}$/);
}

interface Target {
  readonly method?: string;
  readonly path: string;
  readonly caller: () => Promise<string | TestSession | null> | string | TestSession | null;
  readonly valid: () => Promise<Json> | Json;
  readonly headers?: Record<string, string>;
}
const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
const unknown = newId();

const targets: Record<string, Target> = {
  "sign-in": {
    path: "/api/session",
    caller: () => null,
    valid: () => ({
      username: "nobody-here",
      password: trialPassword,
      role: "nurse",
      device: { id: newId(), name: "tablet", clientId: newId() },
    }),
  },
  refresh: { path: "/api/session/refresh", caller: () => null, valid: () => ({ deviceId: newId() }) },
  role: { path: "/api/session/role", caller: () => privacy, valid: () => ({ role: "nurse" }) },
  access: { path: "/api/access", caller: () => privacy, valid: () => ({ permission: "note:sign" }) },
  "first password": {
    path: "/api/session/password",
    caller: () => null,
    valid: () => ({
      username: "nobody-here",
      password: trialPassword,
      newPassword: "a long enough sentence",
    }),
  },
  "new user": {
    path: "/api/users",
    caller: () => admin,
    valid: () => ({ username: "fuzzed", name: "Fuzzed Person", suffix: "" }),
  },
  disable: { path: `/api/users/${unknown}/disable`, caller: () => admin, valid: () => ({ reason: "left" }) },
  approval: {
    path: "/api/approvals",
    caller: () => admin,
    valid: () => ({ payload: { kind: "role.grant", userId: unknown, role: "nurse" }, reason: "because" }),
  },
  decision: {
    path: `/api/approvals/${unknown}/decision`,
    caller: () => privacy,
    valid: () => ({ decision: "approve", digest: "0".repeat(64), reason: "", password: trialPassword }),
  },
  execute: {
    path: `/api/approvals/${unknown}/execute`,
    caller: () => admin,
    valid: () => ({ password: trialPassword }),
  },
  review: {
    path: `/api/quarantine/${unknown}/decision`,
    caller: () => doctor,
    valid: () => ({ decision: "discard", reason: "because" }),
  },
  "entering a new practice": {
    path: "/api/set-up",
    caller: () => null,
    valid: () => ({
      code: "00000-00000-00000-00000-00000",
      name: "Helen Abara",
      username: "helen",
      password: trialPassword,
    }),
  },
  "naming an officer": {
    path: "/api/set-up/officers",
    caller: () => admin,
    valid: () => ({
      office: "privacy-officer",
      personId: newId(),
      statement: "because we are two people only",
    }),
  },
  "accepting to be an officer": {
    path: `/api/set-up/officers/${unknown}/accept`,
    caller: () => privacy,
    valid: () => ({ password: trialPassword }),
  },
  "declining to be an officer": {
    path: `/api/set-up/officers/${unknown}/decline`,
    caller: () => security,
    valid: () => ({ password: trialPassword, words: "no time" }),
  },
  "emergency review": {
    path: `/api/emergency-access/${unknown}/review`,
    caller: () => privacy,
    valid: () => ({ note: "looked at" }),
  },
  "break-glass": {
    path: `/api/patients/${unknown}/break-glass`,
    caller: () => doctor,
    valid: () => ({ id: newId(), reason: "emergency", words: "needed now", password: trialPassword }),
  },
  "break-glass review": {
    path: `/api/break-glass/${unknown}/review`,
    caller: () => privacy,
    valid: () => ({ outcome: "justified", note: "looked at" }),
  },
  "device report": {
    path: "/api/devices/heartbeat",
    caller: () => doctor,
    valid: () => ({
      version: "1",
      at: "2031-01-01T00:00:00.000Z",
      outboxDepth: 1,
      outboxOldestAt: null,
      attention: 0,
      recordingsWaiting: 0,
      storagePersisted: true,
      storageUsed: 1,
      storageQuota: 2,
    }),
  },
  "try again": {
    path: `/api/operations/recordings/${unknown}/retry`,
    caller: () => practiceIt,
    valid: () => ({}),
  },
  push: {
    path: "/api/sync/push",
    caller: () => doctor,
    valid: () =>
      asJson({
        epoch: doctor.epoch,
        clientId: doctor.clientId,
        mutations: [
          mutation(doctor, 9001, "appointment.book", booking()),
          revise(doctor, 9002, visit, noteText("text")),
        ],
      }),
  },
  pull: {
    path: "/api/sync/pull",
    caller: () => doctor,
    valid: () => ({
      epoch: newId(),
      clientId: doctor.clientId,
      cursor: 5,
      scopeHash: "0".repeat(64),
      held: [["schedule", 1, null]],
      want: [`chart:${newId()}`],
      limit: 10,
    }),
  },
  deliver: {
    path: "/api/sync/deliver",
    caller: () => deviceProof(practice, tablet, "POST", "/api/sync/deliver"),
    valid: async () =>
      asJson({
        envelopes: [await envelope(tablet, mutation(tablet.session, 9001, "appointment.book", booking()))],
      }),
  },
  "node heartbeat": {
    path: "/api/ai/nodes/heartbeat",
    caller: () => ai,
    valid: () => ({
      nodeId: "no id",
      name: "n",
      version: "1",
      device: "cpu",
      models: [{ id: "m", sha256: "0".repeat(64) }],
    }),
  },
  claim: {
    path: "/api/ai/jobs/claim",
    caller: () => ai,
    valid: () => ({ nodeId: newId(), kinds: ["transcribe"], waitSeconds: 0 }),
  },
  "job heartbeat": { path: `/api/ai/jobs/${unknown}/heartbeat`, caller: () => ai, valid: () => ({}) },
  progress: {
    path: `/api/ai/jobs/${unknown}/progress`,
    caller: () => ai,
    valid: () => ({ stage: "speech", done: 0.5 }),
  },
  complete: {
    path: `/api/ai/jobs/${unknown}/complete`,
    caller: () => ai,
    valid: () => ({
      transcript: {
        segments: [
          { id: "s1", start: 0, end: 1, speaker: "patient", text: "words", confidence: 1, flags: [] },
        ],
        gaps: [{ start: 0, end: 1, reason: "paused" }],
        audioSeconds: 1,
        wallSeconds: 1,
        model: { id: "m", sha256: "0".repeat(64), version: "1" },
      },
      draft: {
        sections: [{ id: "subjective", sentences: [{ text: "Words.", evidence: ["s1"], confidence: 1 }] }],
        medications: [],
        omitted: [],
        removed: [],
        engine: { id: "e", version: "1" },
        milliseconds: 1,
      },
      inputs: ["0".repeat(64)],
    }),
  },
  fail: {
    path: `/api/ai/jobs/${unknown}/fail`,
    caller: () => ai,
    valid: () => ({ code: "reason", message: "text" }),
  },
  verify: { path: "/api/audit/verify", caller: () => privacy, valid: () => ({}) },
  "device revoke": { path: `/api/devices/${unknown}/revoke`, caller: () => security, valid: () => ({}) },
  "device wipe": { path: `/api/devices/${unknown}/wipe`, caller: () => security, valid: () => ({}) },
  "device name": {
    path: `/api/devices/${unknown}/name`,
    caller: () => security,
    valid: () => ({ name: "Exam 2 tablet" }),
  },
  "token revoke": { path: `/api/tokens/${unknown}/revoke`, caller: () => security, valid: () => ({}) },
};

describe("a body", () => {
  it.each(Object.keys(targets))(
    "for %s that is wrong in any way is answered with a known problem and changes nothing",
    async (name) => {
      const { path, caller, valid } = targets[name]!;
      const body = await valid();
      await fc.assert(
        fc.asyncProperty(wrongBodies(body), async ({ text, type }) => {
          const before = await stateOf(practice);
          const started = performance.now();
          const answer = await practice.request(
            await caller(),
            "POST",
            path,
            text,
            type ? { "content-type": type } : {},
          );
          expect(performance.now() - started).toBeLessThan(5000);
          judge(answer, `${name}: ${typeof text === "string" ? text.slice(0, 300) : "bytes"}`);
          if (answer.status >= 400) expect(await stateOf(practice)).toEqual(before);
        }),
        { numRuns: RUNS },
      );
    },
  );

  it.each(["a\u0000", "a\ud800"])(
    "with text that cannot be stored (%j) is refused before the database sees it",
    async (text) => {
      const device = { id: newId(), name: "tablet" };
      const attempts: [TestSession | string | null, string, string, Json | undefined][] = [
        [null, "POST", "/api/session", { username: text, password: "x", device }],
        [
          null,
          "POST",
          "/api/session",
          { username: "nurse", password: trialPassword, device: { ...device, name: text } },
        ],
        [ai, "POST", `/api/ai/jobs/${unknown}/fail`, { code: "x", message: text }],
        [privacy, "GET", "/api/audit?actor=a%00b", undefined],
      ];
      for (const [caller, method, path, body] of attempts) {
        const answer = await practice.request(caller, method, path, body);
        expect([answer.status, answer.body.code], `${path} ${JSON.stringify(body)}`).toEqual([
          400,
          "malformed_request",
        ]);
      }
    },
  );

  it("of a push whose arguments are nonsense becomes a refusal of that mutation, and the next one works", async () => {
    const session = await practice.signIn("clinician2");
    let n = 1;
    const samples = [
      { name: "appointment.book", args: booking() },
      { name: "note.revise", args: revise(session, 1, visit, noteText("text")).args },
      { name: "note.sign", args: { id: newId(), revisionId: newId(), hash: "0".repeat(64) } },
      {
        name: "encounter.start",
        args: { id: newId(), appointmentId: newId(), patientId: newId(), clinicianId: newId() },
      },
      {
        name: "recording.complete",
        args: { id: newId(), parts: [], gaps: [], endedAt: "2027-01-01T00:00:00Z", sha256: "0".repeat(64) },
      },
      {
        name: "patient.register",
        args: {
          id: newId(),
          givenName: "A",
          familyName: "B",
          preferredName: "",
          birthDate: "1990-01-01",
          sex: "other",
          phone: "",
        },
      },
    ].map(({ name, args }) => ({ name, args: asJson(args) }));
    const wrong = fc.constantFrom(...samples).chain(({ name, args }) =>
      fc
        .tuple(
          fc.constantFrom(...places(args).filter((path) => path.length > 0 && path.at(-1) !== "id")),
          nasty,
        )
        .map(([path, bad]) => ({
          name,
          args: replaced(args, path, () => bad) as { id: string },
        })),
    );
    await fc.assert(
      fc.asyncProperty(wrong, async ({ name, args }) => {
        const rest = { ...mutation(session, n, name as never, {} as never, { hash: "" }), args };
        let hash = "0".repeat(64);
        try {
          hash = mutationHash(rest);
        } catch {
          // What cannot be hashed never had a right hash.
        }
        const { lastN, results } = await practice.push(session, [{ ...rest, hash }]);
        expect(lastN, JSON.stringify({ name, args }).slice(0, 500)).toBe(n);
        expect(results).toHaveLength(1);
        n++;
      }),
      { numRuns: 3 * RUNS },
    );
    const { results } = await practice.push(session, [mutation(session, n, "appointment.book", booking())]);
    expect(results).toMatchObject([{ status: "applied" }]);
    // Whatever was written is readable and whole.
    const verdict = await practice.request<{ whole: boolean }>(privacy, "POST", "/api/audit/verify", {});
    expect(verdict.body.whole).toBe(true);
  });
});

describe("an address", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "",
      "0",
      "-1",
      "1e9",
      "NaN",
      "%00",
      "%ff",
      "%",
      "%zz",
      "a%00b",
      "..",
      "%2e%2e%2f",
      "' or 1=1",
      newId(),
      newId().toUpperCase(),
      "2027-02-30T00:00:00Z",
      "9".repeat(40),
      "x".repeat(3000),
      "\u{1f600}",
      "[]",
      "{}",
      "null",
    ),
    fc.string({ unit: "binary", maxLength: 30 }),
  );
  const encoded = (text: string) => (/^%/.test(text) ? text : encodeURIComponent(text.toWellFormed()));
  const attempt = async (caller: string | TestSession, method: string, path: string) => {
    const before = await stateOf(practice);
    const answer = await practice.request(caller, method, path, method === "POST" ? {} : undefined);
    if (method === "HEAD") expect(answer.status, path).toBeLessThan(500);
    else judge(answer, `${method} ${path}`);
    if (answer.status >= 400) expect(await stateOf(practice)).toEqual(before);
  };

  it.each([
    ["HEAD", "/api/recordings/*"],
    ["PATCH", "/api/recordings/*"],
    ["GET", "/api/recordings/*/audio"],
    ["POST", "/api/ai/jobs/*/heartbeat"],
    ["GET", "/api/ai/jobs/*/audio?part=0"],
    ["POST", "/api/devices/*/revoke"],
    ["POST", "/api/devices/*/wipe"],
    ["POST", "/api/devices/*/name"],
    ["POST", "/api/tokens/*/revoke"],
  ])("%s %s takes any nonsense as its id", async (method, pattern) => {
    const caller = pattern.includes("/ai/") ? ai : pattern.includes("recordings") ? doctor : security;
    await fc.assert(
      fc.asyncProperty(word, (text) => attempt(caller, method, pattern.replace("*", encoded(text)))),
      { numRuns: RUNS },
    );
  });

  it("takes any nonsense as a query", async () => {
    const names = fc.constantFrom(
      "actor",
      "patient",
      "action",
      "outcome",
      "from",
      "to",
      "limit",
      "before",
      "part",
      "__proto__",
      "x",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(names, word), { maxLength: 4 }),
        fc.constantFrom("/api/audit", "/api/audit/own", `/api/ai/jobs/${unknown}/audio`, "/healthz"),
        async (pairs, path) => {
          const query = pairs.map(([name, text]) => `${name}=${encoded(text)}`).join("&");
          await attempt(path.includes("/ai/") ? ai : privacy, "GET", `${path}?${query}`);
        },
      ),
      { numRuns: 3 * RUNS },
    );
  });

  it("takes any nonsense as an upload's headers", async () => {
    const headers = fc.record(
      {
        "tus-resumable": fc.constantFrom("1.0.0", "0.2.2", "x", ""),
        "upload-length": fc.constantFrom("10", "-1", "1e9", "99999999999999999999", "x", "0"),
        "upload-offset": fc.constantFrom("0", "-1", "5", "x", "1e3"),
        "upload-metadata": fc.constantFrom(
          "id",
          `id ${Buffer.from(`${newId()}.0`).toString("base64")}`,
          "id !!!",
          ",,,",
          "id  x,y",
          "x".repeat(4000),
        ),
        "content-type": fc.constantFrom("application/offset+octet-stream", "application/json", "x"),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        headers,
        fc.constantFrom(
          "POST /api/recordings",
          `PATCH /api/recordings/${newId()}.0`,
          `HEAD /api/recordings/${newId()}.0`,
        ),
        async (set, target) => {
          const [method, path] = target.split(" ") as [string, string];
          const answer = await practice.request(
            doctor,
            method,
            path,
            method === "HEAD" ? undefined : "body",
            set,
          );
          if (method === "HEAD") expect(answer.status).toBeLessThan(500);
          else judge(answer, `${target} ${JSON.stringify(set)}`);
        },
      ),
      { numRuns: 3 * RUNS },
    );
  });
});
