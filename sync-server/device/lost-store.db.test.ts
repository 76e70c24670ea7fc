import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Dashboard, DeviceLoss } from "#domain/operations/dashboard.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { backUp, bringBack } from "../testing/restored.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking } from "../testing/visit.ts";

let practice: TestPractice;
let engineer: TestSession;

beforeAll(async () => {
  practice = await openTestPractice();
  engineer = await practice.signIn("it");
});
afterAll(() => practice.close());

const report = (who: TestSession, clients: { clientId: string; n: number }[]) =>
  practice.request(who, "POST", "/api/devices/heartbeat", {
    version: "1",
    at: instantNow(),
    outboxDepth: 4,
    outboxOldestAt: instantNow(),
    attention: 1,
    recordingsWaiting: 2,
    storagePersisted: false,
    storageUsed: 1,
    storageQuota: 100,
    chartsPutAway: 2,
    storageRefused: true,
    clients,
  });

const tell = (
  who: TestSession,
  was: TestSession | { deviceId: string },
  change: object = {},
  at: TestPractice = practice,
) =>
  at.request(who, "POST", "/api/devices/lost-store", {
    deviceId: was.deviceId,
    clients: [],
    refused: 0,
    recordings: 0,
    ...change,
  });

const lossOf = async ({ deviceId }: TestSession): Promise<DeviceLoss | null | undefined> => {
  const { body } = await practice.request<Dashboard>(engineer, "GET", "/api/operations/dashboard");
  const { body: listed } = await practice.request<{ devices: Dashboard["devices"] }>(
    engineer,
    "GET",
    "/api/devices",
  );
  const [shown, also] = [body, listed].map(({ devices }) => devices.find(({ id }) => id === deviceId)?.loss);
  expect(also).toEqual(shown);
  return shown;
};

const work = (who: TestSession, n: number) => mutation(who, n, "appointment.book", booking());

describe("a tablet whose browser threw away what was kept on it", () => {
  it("is named with whose work may be lost, until that has turned up after all", async () => {
    const was = await practice.signIn("frontdesk");
    const queue = [work(was, 1), work(was, 2), work(was, 3)];
    await practice.push(was, queue.slice(0, 1));
    expect((await report(was, [{ clientId: was.clientId, n: 3 }])).status).toBe(204);
    expect(await lossOf(was)).toBeNull();
    const before = await practice.head();
    const now = await practice.signIn("frontdesk2");
    expect((await tell(now, was)).status).toBe(204);
    expect((await tell(now, was)).status).toBe(204);
    expect(await lossOf(was)).toMatchObject({
      foundBy: now.user.name,
      people: [{ name: was.user.name, changes: 2 }],
      refused: 0,
      recordings: 0,
    });
    const told = (await practice.audit(before)).filter(({ action }) => action === "device.store_lost");
    expect(told).toMatchObject([
      { actor: { id: now.user.id }, outcome: "error", resource: { type: "device", id: was.deviceId } },
    ]);
    // The profile was restored from a copy of the disk: what it holds arrives.
    await practice.push(was, queue.slice(1, 2));
    expect(await lossOf(was)).toMatchObject({ people: [{ changes: 1 }] });
    await practice.push(was, queue.slice(2));
    expect(await lossOf(was)).toBeNull();
  });

  it("tells what it had, where it had not said so before, and is seen to by whoever looks after devices", async () => {
    const was = await practice.signIn("frontdesk");
    await practice.push(was, [work(was, 1)]);
    await report(was, []);
    const now = await practice.signIn("frontdesk");
    await tell(now, was, {
      clients: [{ clientId: was.clientId, n: 5 }],
      refused: 1,
      recordings: 2,
    });
    expect(await lossOf(was)).toMatchObject({
      heardAt: expect.any(String),
      people: [{ name: was.user.name, changes: 4 }],
      refused: 1,
      recordings: 2,
    });
    const path = `/api/devices/${was.deviceId}/acknowledge-loss`;
    expect((await practice.request(now, "POST", path, {})).status).toBe(403);
    const before = await practice.head();
    expect((await practice.request(engineer, "POST", path, {})).status).toBe(204);
    expect(await lossOf(was)).toBeNull();
    const { body } = await practice.request<Dashboard>(engineer, "GET", "/api/operations/dashboard");
    expect(body.devices.find(({ id }) => id === was.deviceId)?.report).toMatchObject({
      outboxDepth: 0,
      outboxOldestAt: null,
      attention: 0,
      recordingsWaiting: 0,
    });
    expect(await practice.audit(before)).toMatchObject([
      { action: "device.loss_acknowledged", actor: { id: engineer.user.id }, outcome: "ok" },
    ]);
    // Told again, it stays seen to.
    await tell(now, was);
    expect(await lossOf(was)).toBeNull();
  });

  it("is none when the device goes on saying how it does, whoever said so", async () => {
    const was = await practice.signIn("nurse");
    await practice.push(was, []);
    await tell(await practice.signIn("frontdesk"), was, { refused: 3 });
    expect(await lossOf(was)).toMatchObject({ refused: 3 });
    const far = { clients: [{ clientId: was.clientId, n: 900 }] };
    await tell(await practice.signIn("frontdesk"), was, far);
    await report(was, [{ clientId: was.clientId, n: 2 }]);
    expect(await lossOf(was)).toBeNull();
    // Then it is lost in earnest: what counts is what it said itself.
    const finder = await practice.signIn("nurse");
    await tell(finder, was, { recordings: 1 });
    const people = [{ name: was.user.name, changes: 2 }];
    expect(await lossOf(was)).toMatchObject({ foundBy: finder.user.name, people, refused: 0, recordings: 1 });
  });

  it("of which nothing was missing is shown as well: what was written after its last report is not known", async () => {
    const was = await practice.signIn("nurse");
    await report(was, [{ clientId: was.clientId, n: 0 }]);
    await tell(await practice.signIn("nurse"), was);
    expect(await lossOf(was)).toMatchObject({ people: [], refused: 0, recordings: 0 });
  });

  it("says nothing of other devices' clients, of itself, nor of one that nobody knows", async () => {
    const [was, other] = [await practice.signIn("nurse"), await practice.signIn("clinician")];
    const now = await practice.signIn("nurse");
    await report(other, [{ clientId: was.clientId, n: 50 }]);
    await tell(now, was, { clients: [{ clientId: other.clientId, n: 50 }] });
    expect(await lossOf(was)).toMatchObject({ people: [] });
    const of = async (clientId: string) =>
      (await practice.owner("select reported_n from sync_client where client_id = $1", [clientId]))[0];
    for (const { clientId } of [was, other]) expect((await of(clientId))?.reported_n ?? "0").toBe("0");
    expect((await tell(now, now)).body.code).toBe("not_found");
    expect((await tell(now, { deviceId: newId() })).body.code).toBe("not_found");
    expect((await practice.request(null, "POST", "/api/devices/lost-store", {})).status).toBe(401);
  });
});

it("of a tablet that the backup did not know, the clinic says how many changes are missing since it went back", async () => {
  const before = await backUp(practice);
  const was = await practice.signIn("frontdesk");
  await practice.push(was, [work(was, 1), work(was, 2)]);
  const { practice: again } = await bringBack(practice, before);
  try {
    const known = await again.signIn("nurse");
    const clients = [
      { clientId: was.clientId, n: 2 },
      { clientId: known.clientId, n: 7 },
    ];
    const now = await again.signIn("frontdesk");
    expect((await tell(now, was, { clients }, again)).status).toBe(204);
    expect((await tell(now, was, { clients }, again)).status).toBe(204);
    const it = await again.signIn("it");
    const { body } = await again.request<Dashboard>(it, "GET", "/api/operations/dashboard");
    const shown = body.devices.find(({ id }) => id === was.deviceId);
    const finder = body.devices.find(({ id }) => id === now.deviceId);
    expect(shown).toMatchObject({ name: finder?.name, loss: { people: [], ofUnknown: 2, recordings: 0 } });
    expect(finder?.loss).toBeNull();
    expect((await again.signIn("frontdesk", { device: was.deviceId })).deviceId).toBe(was.deviceId);
  } finally {
    await again.close();
  }
});

it("saying that a device was lost enrols none at a real practice that went back to a backup", async () => {
  const real = await openTestPractice({ trial: false });
  try {
    await real.addPerson("doctor", ["clinician"]);
    const [own, stranger] = [newId(), newId()];
    await real.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute(
        "insert into device(id, name, status, enrolled_at) values (?, 'tablet', 'enrolled', now())",
        [own],
      );
      audit({ actor: { type: "system", id: "test" }, action: "device.enrolled", outcome: "ok" });
    });
    const doctor = await real.signIn("doctor", { device: own });
    vi.spyOn(real.practice, "recovering").mockResolvedValue({ at: instantNow(), backupAt: null });
    expect((await tell(doctor, { deviceId: stranger }, {}, real)).status).toBe(204);
    const answer = await real.request(null, "POST", "/api/session", {
      username: "doctor",
      password: trialPassword,
      device: { id: stranger, name: "stranger" },
    });
    expect([answer.status, answer.body.code]).toEqual([403, "device_revoked"]);
  } finally {
    await real.close();
  }
});

it("practice IT sees how many charts a tablet put away, and that its browser refused to write", async () => {
  const tablet = await practice.signIn("clinician");
  await report(tablet, []);
  const { body } = await practice.request<Dashboard>(engineer, "GET", "/api/operations/dashboard");
  expect(body.devices.find(({ id }) => id === tablet.deviceId)?.report).toMatchObject({
    chartsPutAway: 2,
    storageRefused: true,
  });
});
