import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { AccessStanding } from "#domain/access/access-end.ts";
import type { Approval, ApprovalPayload } from "#domain/approval/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { atWork } from "../testing/at-work.ts";
import {
  type Caller,
  mutation,
  openTestPractice,
  type TestPractice,
  type TestSession,
} from "../testing/test-practice.ts";
import { deviceProof, envelope, signInTablet } from "../testing/test-tablet.ts";
import { people, startVisit } from "../testing/visit.ts";
import { registerToken } from "../token/index.ts";

let practice: TestPractice;
let admin: TestSession;
let security: TestSession;
let privacy: TestSession;
beforeAll(async () => {
  practice = await openTestPractice();
  admin = await practice.signIn("admin");
  security = await practice.signIn("security");
  privacy = await practice.signIn("privacy");
});
afterAll(() => practice.close());

let count = 0;
const somebody = async (...roles: Parameters<TestPractice["addPerson"]>[1]) => {
  const username = `leaver${++count}`;
  return { username, id: await practice.addPerson(username, roles) };
};
const end = (caller: Caller, id: string, body: unknown = { reason: "left" }) =>
  practice.request(caller, "POST", `/api/users/${id}/disable`, body);
const ended = async (id: string) => expect((await end(admin, id)).status).toBe(204);
const standing = async (id: string, caller: Caller = admin) =>
  (await practice.request<AccessStanding>(caller, "GET", `/api/users/${id}/access`)).body;
const refresh = ({ cookie, deviceId }: TestSession) =>
  practice.request(null, "POST", "/api/session/refresh", { deviceId }, { cookie });
const signIn = (username: string) =>
  practice.request(null, "POST", "/api/session", {
    username,
    password: trialPassword,
    device: { id: newId(), name: "tablet", clientId: newId() },
  });
const openSessions = (id: string) =>
  practice.owner("select id from session where user_id = $1 and ended_at is null", [id]);
const ask = async (caller: Caller, payload: ApprovalPayload) => {
  const asked = await practice.request<Approval>(caller, "POST", "/api/approvals", {
    payload,
    reason: "needed",
  });
  expect(asked.status).toBe(200);
  return asked.body;
};
const approve = (caller: Caller, { id, digest }: Approval) =>
  practice.request<{ code?: string }>(caller, "POST", `/api/approvals/${id}/decision`, {
    decision: "approve",
    digest,
    password: trialPassword,
  });
const execute = (caller: Caller, { id }: Approval) =>
  practice.request(caller, "POST", `/api/approvals/${id}/execute`, { password: trialPassword });
const statusOf = async ({ id }: Approval) =>
  (await practice.owner<{ status: string }>("select status from approval where id = $1", [id]))[0]!.status;

describe("who ends somebody's access", () => {
  it("is the administrator or the security officer, with a reason, and never oneself", async () => {
    const { id } = await somebody("nurse");
    expect((await end(privacy, id)).status).toBe(403);
    expect((await practice.request(privacy, "GET", `/api/users/${id}/access`)).status).toBe(403);
    expect((await end(admin, admin.user.id)).body.code).toBe("self_approval");
    expect((await end(admin, newId())).body.code).toBe("not_found");
    for (const body of [{}, { reason: "because" }, { reason: "left", password: "x" }])
      expect((await end(admin, id, body)).body.code).toBe("malformed_request");
    expect((await standing(id)).ended).toBeNull();
    expect((await end(security, id, { reason: "suspected_misuse" })).status).toBe(204);
    expect((await standing(id)).ended).toMatchObject({ by: security.session.user.name });
    // Again: who ended it first, and why, stays.
    expect((await end(admin, id)).status).toBe(204);
    expect((await standing(id)).ended).toMatchObject({
      by: security.session.user.name,
      reason: "suspected_misuse",
    });
  });

  it("leaves no role empty that must not be, and neither do two at one moment", async () => {
    expect((await end(admin, privacy.user.id)).body.code).toBe("last_of_role");
    expect((await end(admin, security.user.id)).body.code).toBe("last_of_role");
    expect((await end(security, admin.user.id)).body.code).toBe("last_of_role");
    const [secondAdmin, secondOfficer] = [
      await somebody("administrator"),
      await somebody("security-officer"),
    ];
    const officer = await practice.signIn(secondOfficer.username);
    const both = await Promise.all([end(security, admin.user.id), end(officer, secondAdmin.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    await letIn(admin.user.id);
    await letIn(secondAdmin.id);
    admin = await practice.signIn("admin");
    const other = await practice.signIn(secondAdmin.username);
    const mutual = await Promise.all([end(admin, secondAdmin.id), end(other, admin.user.id)]);
    expect(mutual.map(({ status }) => status).sort()).toEqual([204, 401]);
    await letIn(admin.user.id);
    admin = await practice.signIn("admin");
  });

  const letIn = async (id: string) => {
    await practice.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute("update app_user set disabled_at = null where id = ?", [id]);
      await em.execute("update staff set active = true, version = version + 1 where id = ?", [id]);
      audit({ actor: { type: "system", id: "test" }, action: "staff.enabled", outcome: "ok" });
    });
  };
});

describe("with somebody's access", () => {
  it("end sessions, live events and uploads within two seconds, and the tablet is told once", async () => {
    const { username, id } = await somebody("clinician");
    const session = await practice.signIn(username);
    const response = await practice.app.request("http://localhost:8080/api/sync/events", {
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    let live = true;
    void (async () => {
      for await (const _ of response.body!);
    })()
      .catch(() => {})
      .finally(() => {
        live = false;
      });
    const upload = { "tus-resumable": "1.0.0", "upload-length": "3" };
    const name = `${newId()}.0`;
    const metadata = `id ${Buffer.from(name).toString("base64")}`;
    const begun = await practice.request(session, "POST", "/api/recordings", undefined, {
      ...upload,
      "upload-metadata": metadata,
    });
    await ended(id);
    await vi.waitFor(() => expect(live).toBe(false), { timeout: 2000, interval: 20 });
    const goesOn = await practice.request(session, "PATCH", `/api/recordings/${name}`, new Uint8Array(3), {
      "tus-resumable": "1.0.0",
      "upload-offset": "0",
      "content-type": "application/offset+octet-stream",
    });
    expect([begun.body?.code, goesOn.body?.code]).toContain("session_ended");
    expect((await practice.request(session, "GET", "/api/session")).body.code).toBe("session_ended");
    expect(await openSessions(id)).toEqual([]);
    expect((await signIn(username)).body.code).toBe("wrong_credentials");
    const before = await practice.head();
    expect((await standing(id)).devices[0]!.toldAt).toBeNull();
    for (let time = 0; time < 2; time++) expect((await refresh(session)).body.code).toBe("access_ended");
    expect((await refresh({ ...session, deviceId: newId() })).body.code).toBe("session_ended");
    expect((await practice.audit(before)).map(({ action, reason }) => [action, reason])).toEqual([
      ["session.refused", "access_ended"],
    ]);
    expect((await standing(id)).devices[0]!.toldAt).not.toBeNull();
  });

  it("ends every session that begins at the same moment", async () => {
    const { username, id } = await somebody("nurse");
    // The end is on its way and has read what is open; the sign-in has seen that the person has access.
    const [written, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const ending = practice.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute("update app_user set disabled_at = ? where id = ?", [instantNow(), id]);
      audit({ actor: { type: "system", id: "test" }, action: "staff.disabled", outcome: "ok" });
      written.resolve();
      await held.promise;
    });
    await written.promise;
    const entering = signIn(username);
    await new Promise((resolve) => setTimeout(resolve, 300));
    held.resolve();
    await ending;
    expect((await entering).body.code).toBe("access_ended");
    expect(await openSessions(id)).toEqual([]);

    const other = await somebody("nurse");
    await Promise.all([...Array.from({ length: 6 }, () => signIn(other.username)), end(admin, other.id)]);
    expect(await openSessions(other.id)).toEqual([]);
  });

  it("are revoked the tokens they own, each on record, and no other", async () => {
    const [{ id }, other] = [await somebody("practice-it"), await somebody("practice-it")];
    const register = async (ownerId: string | null) => {
      const { result } = await practice.practice.ledger.transact((tx) =>
        registerToken(practice.practice, tx, {
          purpose: "lab results",
          scopes: ["demographics:read"],
          days: 10,
          ownerId,
        }),
      );
      return result;
    };
    const [mine, second, theirs, nobodys] = [
      await register(id),
      await register(id),
      await register(other.id),
      await register(null),
    ];
    expect((await standing(id)).tokens.map((one) => one.id).sort()).toEqual([mine.id, second.id].sort());
    const before = await practice.head();
    await ended(id);
    const revoked = (await practice.audit(before)).filter(({ action }) => action === "token.revoked");
    expect(revoked.map(({ resource, reason }) => [resource!.id, reason]).sort()).toEqual(
      [mine.id, second.id].map((one) => [one, "access_ended"]).sort(),
    );
    expect((await standing(id)).tokens).toEqual([]);
    const left = await practice.owner<{ id: string }>(
      "select id from token where revoked_at is null and id = any($1)",
      [[mine.id, second.id, theirs.id, nobodys.id]],
    );
    expect(left.map((one) => one.id).sort()).toEqual([theirs.id, nobodys.id].sort());
  });

  it("become void what they asked for, would gain by, or approved and nobody has carried out", async () => {
    const helper = await somebody("administrator");
    const officer = await somebody("security-officer");
    const [asking, approving] = [
      await practice.signIn(helper.username),
      await practice.signIn(officer.username),
    ];
    const [gainer, bystander] = [await somebody("nurse"), await somebody("nurse")];
    const token = (ownerId: string | null): ApprovalPayload => ({
      kind: "token.register",
      purpose: "a program",
      scopes: ["ops:metrics"],
      days: 5,
      ownerId,
    });
    const made = await ask(asking, { kind: "role.grant", userId: bystander.id, role: "front-desk" });
    const about = await ask(admin, { kind: "role.grant", userId: gainer.id, role: "front-desk" });
    const owned = await ask(admin, token(gainer.id));
    const allowed = await ask(admin, token(null));
    expect((await approve(approving, allowed)).status).toBe(200);
    const untouched = await ask(admin, token(bystander.id));

    expect(await standing(helper.id)).toMatchObject({ requests: 1, approvals: 0 });
    expect(await standing(gainer.id)).toMatchObject({ requests: 2, approvals: 0 });
    expect(await standing(officer.id)).toMatchObject({ requests: 0, approvals: 1 });
    const before = await practice.head();
    for (const { id } of [helper, gainer, officer]) await ended(id);
    const voided = (await practice.audit(before)).filter(({ action }) => action === "approval.voided");
    expect(voided.map(({ approvalId, reason }) => `${approvalId} ${reason}`).sort()).toEqual(
      [made, about, owned, allowed].map(({ id }) => `${id} access_ended`).sort(),
    );
    for (const one of [made, about, owned, allowed]) expect(await statusOf(one)).toBe("voided");
    expect(await statusOf(untouched)).toBe("requested");
    expect((await execute(admin, allowed)).body.code).toBe("approval_not_open");
    const again = await practice.request(admin, "POST", "/api/approvals", {
      payload: token(gainer.id),
      reason: "a token for somebody who is gone",
    });
    expect(again.body.code).toBe("invalid_arguments");
    expect(await standing(helper.id)).toMatchObject({ requests: 0, approvals: 0 });
  });

  it("are given back the times of a desk that nobody else uses", async () => {
    const { username, id } = await somebody("front-desk");
    const [alone, shared] = [await practice.signIn(username), await practice.signIn(username)];
    await practice.signIn("frontdesk", { device: shared.deviceId });
    const [own, colleagues] = [newId(), newId()];
    await practice.practice.ledger.transact(async ({ em, audit }) => {
      for (const [lease, device, day] of [
        [own, alone.deviceId, 400],
        [colleagues, shared.deviceId, 401],
      ])
        await em.execute(
          `insert into slot_lease(id, clinician_id, start, minutes, lane, device_id, until, status, granted_at)
           values (?, ?, now() + make_interval(days => ?), 15, 0, ?, now() + interval '2 days', 'held', now())`,
          [lease, people.clinician, day, device],
        );
      audit({ actor: { type: "system", id: "test" }, action: "slot-lease.granted", outcome: "ok" });
    });
    const { heldTimes } = await standing(id);
    expect(heldTimes).toBeGreaterThan(0);
    await ended(id);
    const rows = await practice.owner<{ id: string; status: string }>(
      "select id, status from slot_lease where id = any($1)",
      [[own, colleagues]],
    );
    expect(Object.fromEntries(rows.map((row) => [row.id, row.status]))).toEqual({
      [own]: "ended",
      [colleagues]: "held",
    });
    expect((await standing(id)).heldTimes).toBe(0);
  });
});

describe("what is left", () => {
  it("stands under their name and is moved by nobody", async () => {
    const { username, id } = await somebody("clinician");
    const doctor = await practice.signIn(username);
    const visit = await startVisit(practice, doctor, 1, people.patient(3));
    const { next } = visit;
    const task = (n: number, kind: "administrative" | "clinical") =>
      mutation(doctor, n, "task.create", {
        id: newId(),
        kind,
        title: "call back",
        details: "",
        patientId: kind === "clinical" ? people.patient(3) : null,
        assigneeId: id,
        pool: null,
        dueOn: null,
      });
    const { results } = await practice.push(doctor, [
      task(next, "administrative"),
      task(next + 1, "clinical"),
      task(next + 2, "clinical"),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["applied", "applied", "applied"]);
    const before = await standing(id);
    expect(before).toMatchObject({
      ended: null,
      sessions: 1,
      tasks: { administrative: 1, clinical: 2 },
      openVisits: 1,
    });
    await ended(id);
    const after = await standing(id, security);
    expect(after.ended).toMatchObject({ by: admin.session.user.name, reason: "left" });
    expect(after.sessions).toBe(0);
    const { tasks, openVisits, unsignedNotes, appointments } = before;
    expect(after).toMatchObject({ tasks, openVisits, unsignedNotes, appointments });
    const open = await practice.owner("select 1 from task where assignee_id = $1 and status = 'open'", [id]);
    expect(open).toHaveLength(3);
  });

  it("is told of each device: what it said, when it goes dark, and what came since", async () => {
    const { username, id } = await somebody("clinician");
    const tablet = await signInTablet(practice, username);
    const { session } = tablet;
    const said = await practice.request(session, "POST", "/api/devices/heartbeat", {
      version: "1.0.0",
      at: instantNow(),
      outboxDepth: 2,
      outboxOldestAt: instantNow(),
      attention: 1,
      recordingsWaiting: 1,
      storagePersisted: true,
      storageUsed: 1,
      storageQuota: 2,
      clients: [{ clientId: session.clientId, n: 2 }],
    });
    expect(said.status).toBe(204);
    await ended(id);
    const [held, ...others] = (await standing(id)).devices;
    expect(others).toEqual([]);
    expect(held).toMatchObject({
      id: session.deviceId,
      report: { unsent: 2, refused: 1, recordings: 1 },
      received: 0,
      written: 2,
      arrivedSince: 0,
      darkAt: session.session.offlineUntil,
      toldAt: null,
      shared: false,
      removed: false,
      wipedAt: null,
    });
    const path = "/api/sync/deliver";
    const envelopes = [];
    for (const n of [1, 2])
      envelopes.push(
        await envelope(
          tablet,
          mutation(session, n, "task.create", {
            id: newId(),
            kind: "clinical",
            title: "SECRET WORDS",
            details: "",
            patientId: people.patient(3),
            assigneeId: id,
            pool: null,
            dueOn: null,
          }),
        ),
      );
    const proof = await deviceProof(practice, tablet, "POST", path);
    expect((await practice.request(proof, "POST", path, { envelopes })).status).toBe(200);
    const after = await standing(id);
    expect(after.devices[0]).toMatchObject({ received: 2, written: 2, arrivedSince: 2, waiting: 2 });
    expect(JSON.stringify(after)).not.toContain("SECRET");
    await practice.request(admin, "POST", `/api/devices/${session.deviceId}/wipe`, {});
    expect((await standing(id)).devices[0]).toMatchObject({ removed: true });
    expect((await standing(id)).devices[0]!.wipeAskedAt).not.toBeNull();
  });

  it("names nothing of a device on which they never worked, and that others use a shared one", async () => {
    const { username, id } = await somebody("nurse");
    const nurse = await atWork(practice, username);
    await practice.signIn("nurse", { device: nurse.session.deviceId });
    const { devices } = await standing(id);
    expect(devices.map((one) => [one.id, one.shared])).toEqual([[nurse.session.deviceId, true]]);
  });
});
