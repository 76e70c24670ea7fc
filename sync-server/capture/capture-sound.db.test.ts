import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { soundIdOf } from "#domain/capture/index.ts";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { RecordingPart } from "#domain/recording/index.ts";
import { unseal } from "../keys/key-store.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { testClient } from "../testing/test-client.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { completion, sealedPart, sealToServer, uploadPart } from "../testing/test-tablet.ts";
import { people, startVisit } from "../testing/visit.ts";

let practice: TestPractice;
let clinician: AtWork;
let nurse: AtWork;
beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await atWork(practice, "clinician");
  nurse = await atWork(practice, "nurse");
});
afterAll(() => practice.close());

const sound = "PLAIN-SOUND-MARKER";

async function begun() {
  const [id, key] = [newId(), randomBytes(32)];
  const consent = { by: "patient" as const, at: instantNow(), others: ["family" as const] };
  const sealedKey = await sealToServer(clinician.session, key);
  expect(await clinician.does("capture.beginRecording", { id, consent, sealedKey })).toBe("applied");
  return { id, soundId: soundIdOf(id), key, consent, sealedKey };
}
async function uploaded(soundId: string, key: Uint8Array, part: number): Promise<RecordingPart> {
  const { upload, facts } = await sealedPart(soundId, part, key, [
    Buffer.from(`${sound} ${part}`),
    randomBytes(900),
  ]);
  await uploadPart(practice, `${soundId}.${part}`, upload, {
    authorize: () => `Bearer ${clinician.session.accessToken}`,
  });
  return facts;
}
async function made(parts = [0, 1]) {
  const one = await begun();
  const facts: RecordingPart[] = [];
  for (const part of parts) facts.push(await uploaded(one.soundId, one.key, part));
  expect(await clinician.does("capture.completeRecording", completion(one.id, facts))).toBe("applied");
  return { ...one, parts: facts };
}
const soundOf = async (id: string) =>
  (await practice.owner<{ sound: { stored: boolean } }>("select sound from capture where id = $1", [id]))[0]!
    .sound;
const listen = async (session: TestSession, id: string, part = 0) => {
  const answer = await practice.app.request(`http://localhost:8080/api/recordings/${id}/audio?part=${part}`, {
    headers: { authorization: `Bearer ${session.accessToken}` },
  });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const filesOf = async (id: string) => {
  const all = await readdir(join(practice.folder, "recordings"), { recursive: true });
  return all
    .filter((name) => name.includes(`${id}/`))
    .map((name) => join(practice.folder, "recordings", name));
};
async function visitOf(patientId: string) {
  const session = await practice.signIn("clinician");
  return startVisit(practice, session, 1, patientId);
}
const recordingOf = async (id: string) =>
  (await practice.owner<Record<string, unknown>>("select * from recording where id = $1", [id]))[0];
const hashed = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

it("lies sealed under its own key, and nurses and clinicians listen to it in the tray, which is recorded", async () => {
  const { id, soundId, parts } = await made();
  expect(await soundOf(id)).toMatchObject({ stored: true });
  expect(await recordingOf(soundId)).toBeUndefined();
  const before = await practice.head();
  const heard = await listen(nurse.session, soundId, 1);
  expect(heard.status).toBe(200);
  expect(hashed(heard.bytes)).toBe(parts[1]!.sha256);
  expect(await practice.audit(before)).toMatchObject([
    { action: "recording.listened", resource: { type: "capture", id }, actor: { id: people.nurse } },
  ]);
  for (const username of ["frontdesk", "admin", "it", "privacy", "security"])
    expect((await listen(await practice.signIn(username), soundId)).status, username).toBe(403);
  for (const file of await filesOf(soundId)) expect((await readFile(file)).includes(sound)).toBe(false);
});

it("is its author's to send, and nobody else's to complete", async () => {
  const { id, soundId, key, consent, sealedKey } = await begun();
  expect(await nurse.does("capture.beginRecording", { id, consent, sealedKey })).toBe("not_yours");
  const { upload } = await sealedPart(soundId, 0, key, [Buffer.from(sound)]);
  const authorize = () => `Bearer ${nurse.session.accessToken}`;
  expect(await uploadPart(practice, `${soundId}.0`, upload, { authorize })).toMatchObject({
    code: "not_yours",
  });
  const facts = await uploaded(soundId, key, 0);
  expect(await nurse.does("capture.completeRecording", completion(id, [facts]))).toBe("not_yours");
  const wrong = { ...completion(id, [facts]), sha256: "0".repeat(64) };
  expect(await clinician.does("capture.completeRecording", wrong)).toBe("checksum_mismatch");
  // Said again after a crash in between.
  expect(await clinician.does("capture.beginRecording", { id, consent, sealedKey })).toBe("applied");
  expect(await clinician.does("capture.completeRecording", completion(id, [facts]))).toBe("applied");
  expect(await clinician.does("capture.completeRecording", completion(id, [facts]))).toBe("applied");
});

it("becomes the visit's recording under the visit's key, in its author's name, and is transcribed from then on", async () => {
  const { id, soundId, parts } = await made();
  const own = (await practice.practice.keys.visitKey(soundId))!;
  const before = await filesOf(soundId);
  const visit = await visitOf(people.patient(10));
  const { patientId, encounterId } = visit;
  expect(await nurse.does("capture.match", { id, patientId, encounterId })).toBe("applied");
  expect(await recordingOf(soundId)).toMatchObject({
    encounter_id: encounterId,
    patient_id: patientId,
    clinician_id: people.clinician,
    status: "stored",
    consent: { by: "patient", others: ["family"] },
  });
  const client = testClient(practice, await practice.signIn("clinician"));
  client.want.push(streams.chart(patientId));
  await client.pull();
  for (const one of [id, soundId])
    expect([...client.published.keys()]).toContain(`chart:${patientId}/${one}`);
  const jobs = await practice.practice.database.em
    .fork()
    .execute("select 1 from pgboss.job where name = 'ai' and data->>'recordingId' = ?", [soundId]);
  expect(jobs).toHaveLength(1);
  const after = await filesOf(soundId);
  expect(after.filter((file) => before.includes(file))).toEqual([]);
  const key = (await practice.practice.keys.visitKey(encounterId))!;
  for (const [part, file] of after.sort().entries()) {
    const bytes = await readFile(file);
    const frame = bytes.subarray(4, 4 + bytes.readUInt32BE(0));
    expect(unseal(key, frame, `recording|${soundId}|${part}|0`).toString()).toBe(`${sound} ${part}`);
    expect(() => unseal(own, frame, `recording|${soundId}|${part}|0`)).toThrow();
    expect(hashed((await listen(clinician.session, soundId, part)).bytes)).toBe(parts[part]!.sha256);
  }
});

it("follows into the visit when it arrives after the match, or in the middle of it", async () => {
  const { id, soundId, key } = await begun();
  const first = await uploaded(soundId, key, 0);
  const visit = await visitOf(people.patient(11));
  const to = { id, patientId: visit.patientId, encounterId: visit.encounterId };
  const { recordings } = practice.practice;
  const { importPart } = recordings;
  recordings.importPart = async (part) => {
    const stored = await importPart(part);
    expect(await nurse.does("capture.match", to)).toBe("applied");
    return stored;
  };
  let second: RecordingPart;
  try {
    second = await uploaded(soundId, key, 1);
  } finally {
    recordings.importPart = importPart;
  }
  const third = await uploaded(soundId, key, 2);
  expect(await recordingOf(soundId)).toMatchObject({ status: "recording" });
  const parts = [first, second, third];
  expect(await clinician.does("capture.completeRecording", completion(id, parts))).toBe("applied");
  expect(await recordingOf(soundId)).toMatchObject({ status: "stored" });
  for (const { part, sha256 } of parts)
    expect(hashed((await listen(nurse.session, soundId, part)).bytes)).toBe(sha256);
  expect(await filesOf(soundId)).toHaveLength(3);
});

it("in a chart without a visit is heard there, and goes into a visit later", async () => {
  const { id, soundId } = await made([0]);
  const patientId = people.patient(8);
  expect(await nurse.does("capture.match", { id, patientId })).toBe("applied");
  expect(await recordingOf(soundId)).toBeUndefined();
  expect((await listen(clinician.session, soundId)).status).toBe(200);
  const { encounterId } = await visitOf(patientId);
  expect(await clinician.does("capture.match", { id, patientId, encounterId })).toBe("applied");
  expect(await recordingOf(soundId)).toMatchObject({ encounter_id: encounterId, status: "stored" });
  // From there it is moved as a recording is (C05).
  expect(await nurse.does("capture.release", { id, patientId, reason: "It was her sister" })).toBe(
    "capture_in_visit",
  );
});

it("of what was discarded is kept and heard by nobody", async () => {
  const { id, soundId } = await made([0]);
  expect(await nurse.does("capture.discard", { id, reason: "Written twice" })).toBe("applied");
  expect((await listen(nurse.session, soundId)).status).toBe(403);
  expect(await filesOf(soundId)).toHaveLength(1);
});
