import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { TranscriptRow } from "#domain/transcript/index.ts";
import { transcriptIdOf } from "#domain/transcript/index.ts";
import { unseal } from "#server/keys/key-store.ts";
import { sealTranscript, TranscriptEntity } from "#server/transcript/index.ts";
import { testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { completion, sealedPart, sealToServer, uploadPart } from "../testing/test-tablet.ts";
import { people, startVisit, type TestVisit } from "../testing/visit.ts";

let practice: TestPractice;
let session: TestSession;
let n = 1;
const sound = "PLAIN-SOUND-MARKER";
const words = "WORDS-THAT-WERE-SAID";
const reason = "The tablet was open on the wrong patient";
beforeAll(async () => {
  practice = await openTestPractice();
  session = await practice.signIn("clinician");
});
afterAll(() => practice.close());

const push = async (
  ...batch: Parameters<typeof mutation> extends [unknown, unknown, ...infer R] ? R[] : never
) => {
  const { results } = await practice.push(
    session,
    batch.map(([name, args], index) => mutation(session, n + index, name, args)),
  );
  n += batch.length;
  return results.map(({ code, status }) => code ?? status);
};
async function visitOf(patientId: string): Promise<TestVisit> {
  const visit = await startVisit(practice, session, n, patientId);
  n = visit.next;
  return visit;
}

/** Two parts of sound at the clinic, with a transcript, on the visit of the wrong patient. */
async function recorded(visit: TestVisit) {
  const [id, key] = [newId(), randomBytes(32)];
  const consent = { by: "patient" as const, at: instantNow() };
  const { encounterId, patientId } = visit;
  const sealedKey = await sealToServer(session, key);
  expect(await push(["recording.begin", { id, encounterId, patientId, consent, sealedKey }])).toEqual([
    "applied",
  ]);
  const parts = [];
  for (const part of [0, 1]) {
    const { upload, facts } = await sealedPart(id, part, key, [
      Buffer.from(`${sound} ${part}`),
      randomBytes(900),
    ]);
    await uploadPart(practice, `${id}.${part}`, upload, {
      authorize: () => `Bearer ${session.accessToken}`,
    });
    parts.push(facts);
  }
  expect(await push(["recording.complete", completion(id, parts)])).toEqual(["applied"]);
  await transcribe(id, visit);
  return { id, parts };
}

async function transcribe(recordingId: string, { encounterId, patientId }: TestVisit): Promise<void> {
  const row: TranscriptRow = {
    id: transcriptIdOf(recordingId),
    recordingId,
    encounterId,
    patientId,
    segments: [{ id: "s1", start: 0, end: 2, text: words, speaker: "patient", words: [] } as never],
    gaps: [],
    draft: null,
    model: {} as never,
    audioSeconds: 2,
    wallSeconds: 1,
    createdAt: instantNow(),
  };
  const sealed = await sealTranscript(practice.practice, row);
  await practice.practice.ledger.transact(async ({ em, audit }) => {
    const { segments: _s, gaps: _g, draft: _d, ...columns } = row;
    em.create(TranscriptEntity, { ...columns, sealed } as never);
    await em.flush();
    audit({ actor: { type: "system", id: "test" }, action: "transcript.created", outcome: "ok" });
  });
}

const filesOf = async (id: string) => {
  const all = await readdir(join(practice.folder, "recordings"), { recursive: true });
  return all
    .filter((name) => name.includes(`${id}/`))
    .map((name) => join(practice.folder, "recordings", name));
};
const listen = async (id: string, part: number) => {
  const answer = await practice.app.request(`http://localhost:8080/api/recordings/${id}/audio?part=${part}`, {
    headers: { authorization: `Bearer ${session.accessToken}` },
  });
  return Buffer.from(await answer.arrayBuffer());
};
/** Opens the first sealed frame of a file at rest. */
const firstFrame = (file: Buffer, key: Uint8Array, id: string, part: number) =>
  unseal(key, file.subarray(4, 4 + file.readUInt32BE(0)), `recording|${id}|${part}|0`).toString();

it("C05: a recording goes to the right visit, sealed again under its key; the old key opens nothing any more", async () => {
  const [wrong, right] = [await visitOf(people.patient(10)), await visitOf(people.patient(11))];
  const { id, parts } = await recorded(wrong);
  const oldKey = (await practice.practice.keys.visitKey(wrong.encounterId))!;
  const before = await filesOf(id);
  expect(before).toHaveLength(2);
  expect(firstFrame(await readFile(before[0]!), oldKey, id, 0)).toBe(`${sound} 0`);

  const to = { id, encounterId: right.encounterId, patientId: right.patientId, reason };
  expect(await push(["recording.move", to])).toEqual(["applied"]);

  const after = await filesOf(id);
  expect(after).toHaveLength(2);
  expect(after.filter((file) => before.includes(file))).toEqual([]);
  const newKey = (await practice.practice.keys.visitKey(right.encounterId))!;
  expect(newKey.equals(oldKey)).toBe(false);
  for (const [part, file] of after.sort().entries()) {
    const bytes = await readFile(file);
    expect(bytes.includes(sound)).toBe(false);
    expect(firstFrame(bytes, newKey, id, part)).toBe(`${sound} ${part}`);
    expect(() => firstFrame(bytes, oldKey, id, part)).toThrow();
    const plain = await listen(id, part);
    expect(createHash("sha256").update(plain).digest("hex")).toBe(parts[part]!.sha256);
  }

  const client = testClient(practice, session);
  client.want.push(streams.chart(wrong.patientId), streams.chart(right.patientId));
  await client.pull();
  const transcript = transcriptIdOf(id);
  expect(client.published.has(`${streams.chart(wrong.patientId)}/${transcript}`)).toBe(false);
  expect(client.published.get(`${streams.chart(right.patientId)}/${transcript}`)?.data).toMatchObject({
    encounterId: right.encounterId,
    segments: [{ text: words }],
  });
  expect(client.published.get(`${streams.chart(right.patientId)}/${id}`)?.data).toMatchObject({
    encounterId: right.encounterId,
    moves: [
      {
        fromPatientId: wrong.patientId,
        toPatientId: right.patientId,
        fromEncounterId: wrong.encounterId,
        toEncounterId: right.encounterId,
        by: people.clinician,
        reason,
      },
    ],
  });
  const [sealed] = await practice.owner<{ sealed: Buffer }>("select sealed from transcript where id = $1", [
    transcript,
  ]);
  expect(() => unseal(oldKey, sealed!.sealed, `transcript|${transcript}`)).toThrow();
  expect(sealed!.sealed.includes(words)).toBe(false);
});

it("C05: sound that arrives while its recording is being moved follows it", async () => {
  const [wrong, right] = [await visitOf(people.patient(10)), await visitOf(people.patient(11))];
  const [id, key] = [newId(), randomBytes(32)];
  const consent = { by: "patient" as const, at: instantNow() };
  const sealedKey = await sealToServer(session, key);
  const { upload, facts } = await sealedPart(id, 0, key, [Buffer.from(`${sound} late`)]);
  expect(
    await push(
      [
        "recording.begin",
        { id, encounterId: wrong.encounterId, patientId: wrong.patientId, consent, sealedKey },
      ],
      ["recording.complete", completion(id, [facts])],
    ),
  ).toEqual(["applied", "applied"]);
  const { recordings } = practice.practice;
  const { importPart } = recordings;
  const to = { id, encounterId: right.encounterId, patientId: right.patientId, reason };
  recordings.importPart = async (part) => {
    const stored = await importPart(part);
    expect(await push(["recording.move", to])).toEqual(["applied"]);
    return stored;
  };
  try {
    await uploadPart(practice, `${id}.0`, upload, { authorize: () => `Bearer ${session.accessToken}` });
  } finally {
    recordings.importPart = importPart;
  }
  expect((await listen(id, 0)).toString()).toBe(`${sound} late`);
  const files = await filesOf(id);
  expect(files).toHaveLength(1);
  const newKey = (await practice.practice.keys.visitKey(right.encounterId))!;
  expect(firstFrame(await readFile(files[0]!), newKey, id, 0)).toBe(`${sound} late`);
});

it("C05: a move is refused to a visit of somebody else, by somebody else, and while it is recorded", async () => {
  const [wrong, right] = [await visitOf(people.patient(10)), await visitOf(people.patient(11))];
  const { id } = await recorded(wrong);
  const to = { id, encounterId: right.encounterId, patientId: right.patientId, reason };
  expect(
    await push(
      ["recording.move", { ...to, patientId: people.patient(12) }],
      ["recording.move", { ...to, encounterId: newId() }],
      // Nothing would move, and the reason that was typed would be nowhere.
      ["recording.move", { ...to, encounterId: wrong.encounterId, patientId: wrong.patientId }],
    ),
  ).toEqual(["invalid_arguments", "missing_parent", "same_visit"]);
  const other = await practice.signIn("clinician2");
  const { results } = await practice.push(other, [mutation(other, 1, "recording.move", to)]);
  expect(results[0]!.code).toBe("not_yours");
  const running = newId();
  const { encounterId, patientId } = wrong;
  expect(
    await push(
      [
        "recording.begin",
        {
          id: running,
          encounterId,
          patientId,
          consent: { by: "patient", at: instantNow() },
          sealedKey: await sealToServer(session, randomBytes(32)),
        },
      ],
      ["recording.move", { ...to, id: running }],
    ),
  ).toEqual(["applied", "recording_closed"]);
  expect(await filesOf(id)).toHaveLength(2);
});

it("C05: moved on, or back, before the clinic heard of the first move: the sound stays whole", async () => {
  const visits = [await visitOf(people.patient(10)), await visitOf(people.patient(11))] as const;
  const third = await visitOf(people.patient(12));
  for (const last of [visits[0], third]) {
    const { id } = await recorded(visits[0]);
    const to = ({ encounterId, patientId }: TestVisit) => ({ id, encounterId, patientId, reason });
    expect(await push(["recording.move", to(visits[1])], ["recording.move", to(last)])).toEqual([
      "applied",
      "applied",
    ]);
    for (const part of [0, 1]) expect((await listen(id, part)).toString()).toContain(`${sound} ${part}`);
    const files = await filesOf(id);
    expect(files).toHaveLength(2);
    const key = (await practice.practice.keys.visitKey(last.encounterId))!;
    expect(firstFrame(await readFile(files.sort()[0]!), key, id, 0)).toBe(`${sound} 0`);
  }
});
