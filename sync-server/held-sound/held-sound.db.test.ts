import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { soundIdOf } from "#domain/capture/index.ts";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { RecordingPart } from "#domain/recording/index.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { OpenedItem } from "#domain/sync/review-items.ts";
import { unseal } from "../keys/key-store.ts";
import { type Leaver, leaver } from "../testing/leaver.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import {
  completion,
  deviceProof,
  sealedPart,
  sealToServer,
  signInTablet,
  type Tablet,
  uploadPart,
} from "../testing/test-tablet.ts";
import { startVisit, type TestVisit } from "../testing/visit.ts";

let practice: TestPractice;
let clinician: TestSession;
let doctor: Leaver;
let visit: TestVisit;
let n: number;
const marker = "PLAIN-SOUND-MARKER";

beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await practice.signIn("clinician");
  doctor = await leaver(practice, "doctor", ["clinician"], async ({ session }) => {
    const started = await startVisit(practice, session);
    visit = started;
    n = started.next;
  });
});
afterAll(() => practice.close());

type Given = { decision: "adopt" } | { decision: "discard"; reason: string };
const decide = async (id: string, given: Given) =>
  (await practice.request(clinician, "POST", `/api/quarantine/${id}/decision`, given)).status;
const soundParts = async (id: string) =>
  (await practice.request<OpenedItem>(clinician, "GET", `/api/quarantine/${id}`)).body.soundParts;
const adopt = (id: string) => decide(id, { decision: "adopt" });
const deliver = async (name: Parameters<typeof mutation>[2], args: PushedMutation["args"]) =>
  (await doctor.deliver([mutation(doctor.session, n++, name, args)]))[0]!;

const consent = () => ({ by: "patient" as const, at: instantNow() });

/** A recording of the visit, whose beginning waits for review. */
async function begun() {
  const [id, key] = [newId(), randomBytes(32)];
  const { encounterId, patientId } = visit;
  const sealedKey = await sealToServer(doctor.session, key);
  const args = { id, encounterId, patientId, consent: consent(), sealedKey };
  return { id, key, args, begin: await deliver("recording.begin", args) };
}

/** Sends a part as the tablet of somebody who is locked out does. */
async function sends(
  { id, key }: { id: string; key: Uint8Array },
  part: number,
  tablet: Tablet = doctor.tablet,
) {
  const { upload, facts } = await sealedPart(id, part, key, [
    Buffer.from(`${marker} ${part}`),
    randomBytes(900),
  ]);
  const { code } = await uploadPart(practice, `${id}.${part}`, upload, {
    authorize: (method, path) => deviceProof(practice, tablet, method, path),
  });
  return { code, facts };
}

async function sent(one: { id: string; key: Uint8Array }, part: number): Promise<RecordingPart> {
  const { code, facts } = await sends(one, part);
  expect(code).toBeUndefined();
  return facts;
}

const listen = async (id: string, part: number) => {
  const answer = await practice.app.request(`http://localhost:8080/api/recordings/${id}/audio?part=${part}`, {
    headers: { authorization: `Bearer ${clinician.accessToken}` },
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, sha256: createHash("sha256").update(bytes).digest("hex") };
};
const filesOf = async (id: string) => {
  const all = await readdir(join(practice.folder, "recordings"), { recursive: true });
  return all
    .filter((name) => name.includes(`${id}/`))
    .map((name) => join(practice.folder, "recordings", name));
};
const statusOf = async (id: string) =>
  (await practice.owner<{ status: string }>("select status from recording where id = $1", [id]))[0]?.status;
const waiting = (id: string) =>
  practice.owner(
    "select 1 from held_sound where id = $1 union all select 2 from held_sound_part where sound_id = $1",
    [id],
  );

it("C26: sound arrives while its beginning waits for review, and nobody hears it before that is decided", async () => {
  const one = await begun();
  expect(await soundParts(one.begin)).toBe(0);
  const before = await practice.head();
  const facts = await sent(one, 0);
  expect(await practice.audit(before)).toMatchObject([
    {
      action: "recording.part_stored",
      actor: { type: "device", id: doctor.session.deviceId },
      onBehalfOf: doctor.id,
      resource: { type: "quarantine", id: one.begin },
      patientId: visit.patientId,
      after: facts.sha256,
    },
  ]);
  expect((await listen(one.id, 0)).status).toBe(403);
  expect(await soundParts(one.begin)).toBe(1);
  const [file] = await filesOf(one.id);
  expect((await readFile(file!)).includes(marker)).toBe(false);
  // Asked again, the tablet hears that it is safe, and may delete it.
  const path = `/api/recordings/${one.id}.0`;
  const proof = await deviceProof(practice, doctor.tablet, "HEAD", path);
  const head = await practice.request(proof, "HEAD", path, undefined, { "tus-resumable": "1.0.0" });
  expect(head.status).toBe(200);
});

it("C26: taken over, it is the visit's recording, whole, under the visit's key, with what comes later", async () => {
  const one = await begun();
  const parts = [await sent(one, 0), await sent(one, 1)];
  expect(await adopt(one.begin)).toBe(200);
  expect(await statusOf(one.id)).toBe("recording");
  expect(await soundParts(one.begin)).toBeNull();
  parts.push(await sent(one, 2));
  expect(await adopt(await deliver("recording.complete", completion(one.id, parts)))).toBe(200);
  expect(await statusOf(one.id)).toBe("stored");
  for (const { part, sha256 } of parts) expect(await listen(one.id, part)).toEqual({ status: 200, sha256 });
  const own = (await practice.practice.keys.visitKey(one.id))!;
  const files = await filesOf(one.id);
  expect(files).toHaveLength(3);
  for (const [part, file] of files.sort().entries()) {
    const bytes = await readFile(file);
    const frame = bytes.subarray(4, 4 + bytes.readUInt32BE(0));
    expect(() => unseal(own, frame, `recording|${one.id}|${part}|0`)).toThrow();
  }
  expect(await waiting(one.id)).toEqual([]);
});

it("C26: what arrives while somebody takes it over follows it", async () => {
  const one = await begun();
  const { recordings } = practice.practice;
  const { importPart } = recordings;
  recordings.importPart = async (part) => {
    const stored = await importPart(part);
    expect(await adopt(one.begin)).toBe(200);
    return stored;
  };
  let facts: RecordingPart;
  try {
    facts = await sent(one, 0);
  } finally {
    recordings.importPart = importPart;
  }
  expect(await listen(one.id, 0)).toEqual({ status: 200, sha256: facts.sha256 });
  expect(await filesOf(one.id)).toHaveLength(1);
  expect(await waiting(one.id)).toEqual([]);
});

it("C26: sound of a capture is the tray's once its beginning is taken over", async () => {
  const [id, key] = [newId(), randomBytes(32)];
  const sealedKey = await sealToServer(doctor.session, key);
  const begin = await deliver("capture.beginRecording", { id, consent: consent(), sealedKey });
  const sound = { id: soundIdOf(id), key };
  const parts = [await sent(sound, 0)];
  expect((await listen(sound.id, 0)).status).toBe(403);
  expect(await adopt(begin)).toBe(200);
  parts.push(await sent(sound, 1));
  expect(await adopt(await deliver("capture.completeRecording", completion(id, parts)))).toBe(200);
  for (const { part, sha256 } of parts) expect(await listen(sound.id, part)).toEqual({ status: 200, sha256 });
  expect(await practice.owner("select sound->'stored' as stored from capture where id = $1", [id])).toEqual([
    { stored: true },
  ]);
  expect(await waiting(sound.id)).toEqual([]);
});

it("C26: discarded, it stays sealed; the tablet can still bring the rest, and nobody hears any of it", async () => {
  const one = await begun();
  await sent(one, 0);
  expect(await decide(one.begin, { decision: "discard", reason: "recorded twice" })).toBe(200);
  await sent(one, 1);
  expect(await filesOf(one.id)).toHaveLength(2);
  expect((await listen(one.id, 1)).status).toBe(403);
  expect(await statusOf(one.id)).toBeUndefined();
});

it("no other tablet brings its sound, and a key that nobody can open gets no place", async () => {
  const one = await begun();
  const stranger = await signInTablet(practice, "clinician");
  expect((await sends(one, 0, stranger)).code).toBe("not_yours");
  const [id, key] = [newId(), randomBytes(32)];
  const { encounterId, patientId } = visit;
  const sealedKey = "x".repeat(200);
  await deliver("recording.begin", { id, encounterId, patientId, consent: consent(), sealedKey });
  expect((await sends({ id, key }, 0)).code).toBe("missing_parent");
  expect(await waiting(id)).toEqual([]);
});

it("a second beginning of sound that is at the clinic changes nothing of it", async () => {
  const one = await begun();
  expect(await adopt(one.begin)).toBe(200);
  const again = await deliver("recording.begin", one.args);
  expect(await waiting(one.id)).toEqual([]);
  const facts = await sent(one, 0);
  expect(await listen(one.id, 0)).toEqual({ status: 200, sha256: facts.sha256 });
  expect(await adopt(again)).toBe(409);
});
