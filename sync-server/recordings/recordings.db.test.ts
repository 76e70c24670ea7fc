import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { RecordingPart } from "#domain/recording/index.ts";
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
import { startVisit } from "../testing/visit.ts";

let practice: TestPractice;
const marker = "PLAIN-SOUND-MARKER";

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

interface Begun {
  readonly tablet: Tablet;
  readonly session: TestSession;
  readonly id: string;
  readonly key: Uint8Array;
  readonly patientId: string;
  n: number;
}

async function begin(username = "clinician"): Promise<Begun> {
  const tablet = await signInTablet(practice, username);
  const { session } = tablet;
  const visit = await startVisit(practice, session);
  const [id, key] = [newId(), randomBytes(32)];
  const args = {
    id,
    encounterId: visit.encounterId,
    patientId: visit.patientId,
    consent: { by: "patient" as const, at: instantNow() },
    sealedKey: await sealToServer(session, key),
  };
  const { results } = await practice.push(session, [mutation(session, visit.next, "recording.begin", args)]);
  expect(results).toMatchObject([{ status: "applied" }]);
  return { tablet, session, id, key, patientId: visit.patientId, n: visit.next + 1 };
}

const sound = (begun: Begun, part: number, size = 3000) =>
  sealedPart(begun.id, part, begun.key, [Buffer.from(marker), randomBytes(size), randomBytes(size)]);
const bearer = (session: TestSession) => ({ authorize: () => `Bearer ${session.accessToken}` });
const complete = async (begun: Begun, parts: RecordingPart[]) => {
  const args = completion(begun.id, parts);
  const { results } = await practice.push(begun.session, [
    mutation(begun.session, begun.n++, "recording.complete", args),
  ]);
  return results[0]!;
};
const stateOf = async (id: string) =>
  (
    await practice.owner<{ status: string; failure: string | null }>(
      "select status, failure from recording where id = $1",
      [id],
    )
  )[0]!;
const jobsOf = async (id: string) => {
  const em = practice.practice.database.em.fork();
  const sql = "select 1 from pgboss.job where name = 'ai' and data->>'recordingId' = ?";
  return (await em.execute(sql, [id])).length;
};
const partFiles = async (id: string) => {
  const all = await readdir(join(practice.folder, "recordings"), { recursive: true });
  return all
    .filter((name) => name.includes(`${id}/`))
    .map((name) => join(practice.folder, "recordings", name));
};
const listen = (session: TestSession, id: string, part = 0) =>
  practice.app.request(`http://localhost:8080/api/recordings/${id}/audio?part=${part}`, {
    headers: { authorization: `Bearer ${session.accessToken}` },
  });

describe("an upload", () => {
  it("in pieces, resumed, ends as sealed bytes at rest whose plain hash is the tablet's (I12, I13)", async () => {
    const begun = await begin();
    const { upload, facts } = await sound(begun, 0);
    const name = `${begun.id}.0`;
    const half = upload.subarray(0, 1000);
    const headers = { "tus-resumable": "1.0.0" };
    const created = await practice.request(begun.session, "POST", "/api/recordings", undefined, {
      ...headers,
      "upload-length": String(upload.length),
      "upload-metadata": `id ${Buffer.from(name).toString("base64")}`,
    });
    expect([created.status, created.headers.get("location")]).toEqual([201, `/api/recordings/${name}`]);
    expect(created.headers.get("access-control-allow-origin")).toBeNull();
    const patch = (offset: number, bytes: Uint8Array) =>
      practice.request(begun.session, "PATCH", `/api/recordings/${name}`, bytes, {
        ...headers,
        "content-type": "application/offset+octet-stream",
        "upload-offset": String(offset),
      });
    expect((await patch(0, half)).status).toBe(204);
    const wrong = await patch(500, upload.subarray(500));
    expect([wrong.status, wrong.body.code]).toEqual([409, "upload_offset_wrong"]);
    const head = await practice.request(begun.session, "HEAD", `/api/recordings/${name}`, undefined, headers);
    expect([head.status, head.headers.get("upload-offset")]).toEqual([200, "1000"]);
    expect((await patch(1000, upload.subarray(1000))).status).toBe(204);

    const files = await partFiles(begun.id);
    expect(files).toHaveLength(1);
    expect((await readFile(files[0]!)).includes(marker)).toBe(false);
    expect((await readFile(files[0]!)).includes(Buffer.from(begun.key))).toBe(false);
    const bytes = Buffer.from(await (await listen(begun.session, begun.id)).arrayBuffer());
    expect(bytes.includes(marker)).toBe(true);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(facts.sha256);
    expect(bytes.length).toBe(facts.bytes);
    expect(await readdir(join(practice.folder, "uploads"))).not.toContain(name);

    // The part is finished: asking again says so, creating again is harmless, sending again is refused.
    const done = await practice.request(begun.session, "HEAD", `/api/recordings/${name}`, undefined, headers);
    expect([done.status, done.headers.get("upload-offset")]).toEqual([200, String(upload.length)]);
    const again = await uploadPart(practice, name, upload, bearer(begun.session));
    expect(again).toEqual({ statuses: [201, 409], code: "recording_closed" });
  });

  it("that arrived damaged is refused as checksum_mismatch and can be sent again", async () => {
    const begun = await begin();
    const { upload, facts } = await sound(begun, 0);
    const other = await sealedPart(newId(), 0, begun.key, [randomBytes(100)]);
    const shuffled = await sealedPart(begun.id, 1, begun.key, [randomBytes(100)]);
    const flipped = Uint8Array.from(upload);
    flipped[2000]! ^= 1;
    const damaged = { flipped, cut: upload.slice(0, -7), other: other.upload, part: shuffled.upload };
    for (const [what, bytes] of Object.entries(damaged)) {
      const answer = await uploadPart(practice, `${begun.id}.0`, bytes, bearer(begun.session));
      expect(answer, what).toEqual({ statuses: [201, 422], code: "checksum_mismatch" });
    }
    expect(await partFiles(begun.id)).toEqual([]);
    const good = await uploadPart(practice, `${begun.id}.0`, upload, bearer(begun.session));
    expect(good.statuses).toEqual([201, 204]);
    expect(await complete(begun, [facts])).toMatchObject({ status: "applied" });
    expect((await stateOf(begun.id)).status).toBe("stored");
  });

  it("is finished when the server died between the last byte and the import", async () => {
    const begun = await begin();
    const { upload, facts } = await sound(begun, 0);
    const name = `${begun.id}.0`;
    await practice.request(begun.session, "POST", "/api/recordings", undefined, {
      "tus-resumable": "1.0.0",
      "upload-length": String(upload.length),
      "upload-metadata": `id ${Buffer.from(name).toString("base64")}`,
    });
    await writeFile(join(practice.folder, "uploads", name), upload);
    const heads = await Promise.all(
      [1, 2, 3].map(() =>
        practice.request(begun.session, "HEAD", `/api/recordings/${name}`, undefined, {
          "tus-resumable": "1.0.0",
        }),
      ),
    );
    expect(heads.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await complete(begun, [facts])).toMatchObject({ status: "applied" });
    expect([(await stateOf(begun.id)).status, await jobsOf(begun.id)]).toEqual(["stored", 1]);
  });

  it("is its recorder's alone, also on the same tablet; the attempt is recorded", async () => {
    const begun = await begin();
    const { upload } = await sound(begun, 0);
    const colleague = await practice.signIn("clinician2", { device: begun.session.deviceId });
    const before = await practice.head();
    const refused = await uploadPart(practice, `${begun.id}.0`, upload, bearer(colleague));
    expect(refused).toEqual({ statuses: [403], code: "not_yours" });
    expect(await practice.audit(before)).toMatchObject([{ action: "access.denied", reason: "not_yours" }]);
    const early = await uploadPart(practice, `${newId()}.0`, upload, bearer(begun.session));
    expect(early).toEqual({ statuses: [422], code: "missing_parent" });
    for (const name of [
      "x",
      `${begun.id}`,
      `${begun.id}.0.0`,
      `${begun.id}.-1`,
      `../${begun.id}.0`,
      `${begun.id}.1000`,
      // Another name for part 7 would let two uploads write one file.
      `${begun.id}.007`,
    ])
      expect((await uploadPart(practice, name, upload, bearer(begun.session))).code, name).toBe(
        "malformed_request",
      );
  });

  it("by a part of the protocol that is not offered is a wrong request, not a failure of the server", async () => {
    const begun = await begin();
    const answer = await practice.request(begun.session, "POST", "/api/recordings", undefined, {
      "tus-resumable": "1.0.0",
      "upload-length": "10",
      "upload-concat": `final;/api/recordings/${begun.id}.0`,
      "upload-metadata": `id ${Buffer.from(`${begun.id}.1`).toString("base64")}`,
    });
    expect([answer.status, answer.body.code]).toEqual([400, "malformed_request"]);
  });

  it("goes on under the device key while its person is locked out, in the device's name", async () => {
    const begun = await begin();
    const { upload, facts } = await sound(begun, 0);
    await practice.request(begun.session, "DELETE", "/api/session");
    const before = await practice.head();
    const authorize = (method: string, path: string) => deviceProof(practice, begun.tablet, method, path);
    const answer = await uploadPart(practice, `${begun.id}.0`, upload, { authorize, piece: 4000 });
    expect(answer.code).toBeUndefined();
    expect(await practice.audit(before)).toMatchObject([
      {
        action: "recording.part_stored",
        actor: { type: "device", id: begun.session.deviceId },
        onBehalfOf: begun.session.user.id,
        after: facts.sha256,
      },
    ]);
    const head = await practice.request(
      await authorize("HEAD", `/api/recordings/${begun.id}.0`),
      "HEAD",
      `/api/recordings/${begun.id}.0`,
      undefined,
      { "tus-resumable": "1.0.0" },
    );
    expect(head.status).toBe(200);
    // Hearing is not for devices.
    const audio = `/api/recordings/${begun.id}/audio`;
    expect((await practice.request(await authorize("GET", audio), "GET", audio)).status).toBe(401);
  });

  it("under a device key is refused for another device's recording and for a device that was removed", async () => {
    const begun = await begin();
    const { upload } = await sound(begun, 0);
    const stranger = await signInTablet(practice, "clinician");
    const by = (tablet: Tablet) => ({
      authorize: (method: string, path: string) => deviceProof(practice, tablet, method, path),
    });
    const before = await practice.head();
    const refused = await uploadPart(practice, `${begun.id}.0`, upload, by(stranger));
    expect(refused).toEqual({ statuses: [403], code: "not_yours" });
    expect(await practice.audit(before)).toMatchObject([
      { action: "access.denied", actor: { type: "device", id: stranger.session.deviceId } },
    ]);
    const it = await practice.signIn("it");
    await practice.request(it, "POST", `/api/devices/${begun.session.deviceId}/revoke`, {});
    const gone = await uploadPart(practice, `${begun.id}.0`, upload, by(begun.tablet));
    expect(gone).toEqual({ statuses: [403], code: "device_revoked" });
  });
});

describe("a recording", () => {
  it("is stored, with exactly one job, whichever comes last: completion or the last part", async () => {
    for (const order of ["parts first", "completion first", "between"]) {
      const begun = await begin();
      const parts = [await sound(begun, 0), await sound(begun, 1)];
      const facts = parts.map((part) => part.facts);
      const upload = (part: number) =>
        uploadPart(practice, `${begun.id}.${part}`, parts[part]!.upload, bearer(begun.session));
      if (order === "completion first") await complete(begun, facts);
      await upload(1);
      if (order === "between") await complete(begun, facts);
      expect(await jobsOf(begun.id), order).toBe(0);
      await upload(0);
      if (order === "parts first") await complete(begun, facts);
      expect([(await stateOf(begun.id)).status, await jobsOf(begun.id)], order).toEqual(["stored", 1]);
      // Said twice is one job still; sound for a closed recording is refused.
      expect(await complete(begun, facts)).toMatchObject({ status: "applied" });
      expect(await complete(begun, facts.slice(1))).toMatchObject({ code: "recording_closed" });
      const late = await sound(begun, 2);
      const refused = await uploadPart(practice, `${begun.id}.2`, late.upload, bearer(begun.session));
      expect(refused).toEqual({ statuses: [409], code: "recording_closed" });
      expect(await jobsOf(begun.id), order).toBe(1);
    }
  });

  it("without sound fails visibly as no_audio and makes no job", async () => {
    const begun = await begin();
    expect(await complete(begun, [])).toMatchObject({ status: "applied" });
    expect(await stateOf(begun.id)).toEqual({ status: "failed", failure: "no_audio" });
    expect(await jobsOf(begun.id)).toBe(0);
  });

  it("refuses a wrong list hash, a part named twice and completion by somebody else", async () => {
    const begun = await begin();
    const { facts } = await sound(begun, 0);
    const args = completion(begun.id, [facts]);
    const other = await practice.signIn("clinician2");
    const results = (
      await practice.push(begun.session, [
        mutation(begun.session, begun.n, "recording.complete", { ...args, sha256: "0".repeat(64) }),
        mutation(begun.session, begun.n + 1, "recording.complete", completion(begun.id, [facts, facts])),
        mutation(begun.session, begun.n + 2, "recording.complete", completion(newId(), [facts])),
      ])
    ).results;
    const foreign = await practice.push(other, [mutation(other, 1, "recording.complete", args)]);
    expect([...results, ...foreign.results].map(({ code }) => code)).toEqual([
      "checksum_mismatch",
      "invalid_arguments",
      "missing_parent",
      "not_yours",
    ]);
  });

  it("fails visibly when a stored part is not the one that the tablet named, whichever comes last", async () => {
    for (const completeFirst of [true, false]) {
      const begun = await begin();
      const { upload, facts } = await sound(begun, 0);
      const second = await sound(begun, 1);
      const named = [{ ...facts, sha256: "0".repeat(64) }, second.facts];
      const send = (part: number, bytes: Uint8Array<ArrayBuffer>) =>
        uploadPart(practice, `${begun.id}.${part}`, bytes, bearer(begun.session));
      await send(0, upload);
      if (completeFirst) await complete(begun, named);
      // A later part is still taken in: its sound is kept too.
      expect((await send(1, second.upload)).statuses).toEqual([201, 204]);
      if (!completeFirst) await complete(begun, named);
      expect(await stateOf(begun.id)).toEqual({ status: "failed", failure: "recording_differs" });
      expect([await jobsOf(begun.id), (await partFiles(begun.id)).length]).toEqual([0, 2]);
    }
  });

  it("C17 begins only with consent, with a key sealed to this practice, and for the encounter's own patient", async () => {
    const { session, n, id } = await begin();
    const [row] = await practice.owner<{ encounter_id: string; patient_id: string }>(
      "select encounter_id, patient_id from recording where id = $1",
      [id],
    );
    const args = {
      encounterId: row!.encounter_id,
      patientId: row!.patient_id,
      consent: { by: "patient" as const, at: instantNow() },
      sealedKey: await sealToServer(session, randomBytes(32)),
    };
    const attempts = [
      { ...args, id },
      { ...args, id: newId(), sealedKey: "x".repeat(120) },
      { ...args, id: newId(), sealedKey: await sealToServer(session, randomBytes(16)) },
      { ...args, id: newId(), patientId: newId() },
      { ...args, id: newId(), encounterId: newId() },
      { ...args, id: newId(), consent: undefined } as never,
    ];
    const { results } = await practice.push(
      session,
      attempts.map((one, index) => mutation(session, n + index, "recording.begin", one)),
    );
    expect(results.map(({ code }) => code)).toEqual([
      "already_exists",
      "invalid_signature",
      "invalid_arguments",
      "invalid_arguments",
      "missing_parent",
      "invalid_arguments",
    ]);
  });

  it("cannot be heard once the visit's key is destroyed, and never by somebody without the chart", async () => {
    const begun = await begin();
    const { upload } = await sound(begun, 0);
    await uploadPart(practice, `${begun.id}.0`, upload, bearer(begun.session));
    const before = await practice.head();
    expect((await listen(begun.session, begun.id)).status).toBe(200);
    expect(await practice.audit(before)).toMatchObject([
      { action: "recording.listened", patientId: begun.patientId },
    ]);
    expect((await listen(begun.session, begun.id, 7)).status).toBe(404);
    expect((await listen(await practice.signIn("frontdesk"), begun.id)).status).toBe(403);
    const [row] = await practice.owner<{ encounter_id: string }>(
      "select encounter_id from recording where id = $1",
      [begun.id],
    );
    await rm(join(practice.folder, "keys", "visits", row!.encounter_id));
    expect((await listen(begun.session, begun.id)).status).toBe(404);
  });
});
