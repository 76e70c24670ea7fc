import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { type Dashboard, dashboardSchema } from "#domain/operations/dashboard.ts";
import { verifyNow } from "../audit/keep-verified.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { completion, sealToServer } from "../testing/test-tablet.ts";
import { noteText, people, revise, startVisit } from "../testing/visit.ts";

let practice: TestPractice;
let engineer: TestSession;
let doctor: TestSession;

beforeAll(async () => {
  practice = await openTestPractice();
  engineer = await practice.signIn("it");
  doctor = await practice.signIn("clinician");
});
afterAll(() => practice.close());

const read = async (): Promise<Dashboard> => {
  const { status, body } = await practice.request<Dashboard>(engineer, "GET", "/api/operations/dashboard");
  expect(status).toBe(200);
  return dashboardSchema.parse(body);
};

const report = (who: TestSession, change: object = {}) =>
  practice.request(who, "POST", "/api/devices/heartbeat", {
    version: "1.2.3",
    at: instant(now() + 150_000),
    outboxDepth: 3,
    outboxOldestAt: "2026-11-20T10:00:00.000Z",
    attention: 1,
    recordingsWaiting: 2,
    storagePersisted: false,
    storageUsed: 5_000_000,
    storageQuota: 1_000_000_000,
    ...change,
  });

describe("the dashboard", () => {
  it("tells when the newest backup was written", async () => {
    expect((await read()).backup).toEqual({ writtenAt: null, needed: false });
    await practice.practice.ledger.record({
      actor: { type: "system", id: "jamemr" },
      action: "backup.written",
      outcome: "ok",
    });
    expect(Date.parse((await read()).backup.writtenAt!)).toBeGreaterThan(now() - 60_000);
  });

  it("shows that a device refuses the log, and has it on record once for as long as it lasts", async () => {
    const told = () =>
      practice.owner<{ body: string }>(
        "select body from audit_log where body::jsonb ->> 'action' = 'history.refused'",
      );
    for (const historyFault of ["shorter", "shorter", null, "different"] as const)
      expect((await report(doctor, { historyFault })).status).toBe(204);
    expect((await told()).map(({ body }) => JSON.parse(body))).toMatchObject([
      { outcome: "error", reason: "shorter", resource: { type: "device", id: doctor.deviceId } },
      { outcome: "error", reason: "different" },
    ]);
    const { devices } = await read();
    expect(devices.find(({ id }) => id === doctor.deviceId)?.report).toMatchObject({
      historyFault: "different",
    });
    expect((await report(doctor, { historyFault: "anything" })).status).toBe(400);
  });

  it("shows what a device says of itself, and how far its clock is off", async () => {
    expect((await report(doctor)).status).toBe(204);
    expect((await report(doctor, { outboxDepth: 4 })).status).toBe(204);
    const device = (await read()).devices.find(({ id }) => id === doctor.deviceId)!;
    expect(device).toMatchObject({
      user: "Maya Okafor",
      status: "enrolled",
      report: {
        version: "1.2.3",
        outboxDepth: 4,
        attention: 1,
        recordingsWaiting: 2,
        storagePersisted: false,
      },
    });
    expect(device.report!.clockSkewMs).toBeGreaterThan(140_000);
    expect(device.report!.clockSkewMs).toBeLessThan(160_000);
  });

  it("counts refusals by reason, knows the database, the disk and how far the audit log is verified", async () => {
    await practice.push(doctor, [mutation(doctor, 1, "appointment.cancel", { id: newId() })]);
    await verifyNow(practice.practice);
    const shown = await read();
    expect(shown.refusals).toContainEqual(
      expect.objectContaining({ status: "rejected", code: "missing_parent", count: 1 }),
    );
    expect(shown.database.bytes).toBeGreaterThan(1_000_000);
    expect(shown.disk.total).toBeGreaterThan(shown.disk.free);
    expect(shown.audit).toMatchObject({ whole: true, verifiedThrough: shown.audit.head });
  });

  it("says where the audit log breaks", async () => {
    await practice.owner("alter table audit_log disable trigger all");
    await practice.owner("update audit_log set body = replace(body, 'staff', 'stuff') where seq = 3");
    await verifyNow(practice.practice);
    expect((await read()).audit).toMatchObject({ whole: false, verifiedThrough: 2 });
    await practice.owner("update audit_log set body = replace(body, 'stuff', 'staff') where seq = 3");
    await practice.owner("alter table audit_log enable trigger all");
  });

  it("holds no clinical word and no patient, whatever is in the charts", async () => {
    const visit = await startVisit(practice, doctor, 2);
    await practice.push(doctor, [revise(doctor, visit.next, visit, noteText("PLANTED-WORDS"))]);
    const { text } = await practice.request(engineer, "GET", "/api/operations/dashboard");
    for (const word of ["PLANTED-WORDS", "Trial-", people.patient(5), visit.patientId])
      expect(text).not.toContain(word);
  });
});

describe("a failed recording", () => {
  it("is sent again by practice IT when its sound is whole, and by nobody else", async () => {
    const session = await practice.signIn("clinician2");
    const visit = await startVisit(practice, session);
    const id = newId();
    await practice.push(session, [
      mutation(session, visit.next, "recording.begin", {
        id,
        encounterId: visit.encounterId,
        patientId: visit.patientId,
        consent: { by: "patient", at: instantNow() },
        sealedKey: await sealToServer(session, new Uint8Array(32)),
      }),
      mutation(session, visit.next + 1, "recording.complete", completion(id, [])),
    ]);
    const retry = (who: TestSession) =>
      practice.request(who, "POST", `/api/operations/recordings/${id}/retry`, {});
    expect((await read()).recordings.find((one) => one.id === id)).toMatchObject({
      status: "failed",
      failure: "no_audio",
    });
    expect((await retry(doctor)).status).toBe(403);
    expect((await retry(engineer)).body.code).toBe("status_not_forward"); // nothing was ever stored
    await practice.owner(
      "insert into recording_part(recording_id, part, bytes, sealed_bytes, sha256, stored_at) values ($1, 0, 1, 1, 'x', now())",
      [id],
    );
    expect((await retry(engineer)).status).toBe(204);
    const shown = await read();
    expect(shown.recordings.find((one) => one.id === id)).toMatchObject({ status: "stored", failure: null });
    expect(await practice.practice.jobs.claim(["transcribe"])).toMatchObject({ recordingId: id });
  });
});
