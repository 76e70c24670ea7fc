import { expect, test } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { newId } from "#domain/kernel/id.ts";
import { settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { registration } from "./testing/people.ts";
import { PASSWORD, PIN, signInFresh } from "./testing/tablet.ts";

/** The clinic goes back to a backup from before everything. */
function goBack(clinic: FakeClinic): void {
  clinic.rows.clear();
  for (const client of clinic.clients.values()) {
    client.lastN = 0;
    client.results.clear();
    client.streams.clear();
  }
  clinic.epoch = newId();
}

const families = (clinic: FakeClinic) => [...clinic.rows.values()].map(({ data }) => data.familyName);
const pushed = (clinic: FakeClinic) =>
  clinic.requests
    .filter(({ path }) => path === "/api/sync/push")
    .map(({ body }) => body as { givenBack?: unknown; mutations: { n: number }[] });

test("what was refused and decided about goes along for its number only, and is nowhere to be seen", async () => {
  const clinic = new FakeClinic();
  const { local, ...tablet } = await unlockedAt(clinic);
  clinic.refuse = ({ args }) => (args.familyName === "Refused" ? "slot_taken" : null);
  await local.mutate("patient.register", registration("Refused"));
  await settled({ local, ...tablet });
  await local.outbox.dismiss(1);
  await local.mutate("patient.register", registration("Kept"));
  await settled({ local, ...tablet });
  goBack(clinic);
  const shown: number[] = [];
  const stop = local.outbox.subscribe(() => shown.push(...local.outbox.get().map(({ n }) => n)));
  await settled({ local, ...tablet });
  await settled({ local, ...tablet });
  stop();
  const again = pushed(clinic).at(-1)!;
  expect(again.mutations.map(({ n }) => n)).toEqual([1, 2]);
  expect(again.givenBack).toEqual({ from: 1, through: 2, decided: [1] });
  expect(families(clinic)).toEqual(["Kept"]);
  expect(new Set(shown)).toEqual(new Set([2]));
  expect(local.outbox.get()).toEqual([]);
});

test("a refusal that had become a task at the clinic is judged anew: the backup knows no such task", async () => {
  const clinic = new FakeClinic();
  const taskId = newId();
  const desk = streams.tasks("front-desk", "administrative");
  clinic.refuse = () => "slot_taken";
  clinic.refusalDetail = { nearest: [], callBack: taskId };
  clinic.scope = [...clinic.scope, desk];
  const tablet = await unlockedAt(clinic);
  await tablet.local.mutate("patient.register", registration("Promised"));
  clinic.put("task", desk, { id: taskId, status: "open" });
  await settled(tablet);
  expect(tablet.local.outbox.get()).toEqual([]);
  goBack(clinic);
  clinic.refuse = () => null;
  await settled(tablet);
  await settled(tablet);
  expect(pushed(clinic).at(-1)!.givenBack).toEqual({ from: 1, through: 1, decided: [], yields: [1] });
  expect(families(clinic)).toEqual(["Promised"]);
});

test("says of what it gives back to which the clinic had preferred other work", async () => {
  const clinic = new FakeClinic();
  const tablet = await unlockedAt(clinic);
  clinic.refuse = ({ args }) => (args.familyName === "Refused" ? "slot_taken" : null);
  for (const name of ["Kept", "Refused"]) await tablet.local.mutate("patient.register", registration(name));
  await settled(tablet);
  clinic.network = "down";
  await tablet.local.mutate("patient.register", registration("New"));
  goBack(clinic);
  clinic.network = "up";
  await settled(tablet);
  await settled(tablet);
  const again = pushed(clinic).at(-1)!;
  expect(again.mutations.map(({ n }) => n)).toEqual([1, 2, 3]);
  expect(again.givenBack).toEqual({ from: 1, through: 3, decided: [], yields: [2] });
});

test("what another copy of the profile was before at is shown once after each restore", async () => {
  const clinic = new FakeClinic();
  const tablet = await unlockedAt(clinic);
  await tablet.local.mutate("patient.register", registration("Copied"));
  await settled(tablet);
  const [clientId = ""] = clinic.clients.keys();
  const ofTheOther = { clientId, lastN: 1, lastHash: "f".repeat(64) };
  const { requeueAfterRestore } = await import("./store/give-back.ts");
  const asked: number[] = [];
  for (const isNew of [false, false, true]) {
    if (isNew) clinic.epoch = newId();
    await settled(tablet);
    asked.push(await requeueAfterRestore(tablet.database, ofTheOther));
    await tablet.local.session.lock();
    await tablet.local.session.unlock(PIN);
    await settled(tablet);
  }
  expect(asked).toEqual([1, 0, 1]);
});

test("a tab that dies between hearing of the new epoch and giving back does so when it is opened again", async () => {
  const clinic = new FakeClinic();
  const tablet = await unlockedAt(clinic);
  await tablet.local.mutate("patient.register", registration("Missed"));
  await settled(tablet);
  goBack(clinic);
  clinic.loseAnswer = "/api/sync/pull";
  await tablet.local.syncNow();
  expect(await tablet.database.outbox.count()).toBe(0);
  await settled(tablet);
  await settled(tablet);
  expect(families(clinic)).toEqual(["Missed"]);
});

test("a locked tablet gives back by itself", async () => {
  const clinic = new FakeClinic();
  const tablet = await unlockedAt(clinic);
  await tablet.local.mutate("patient.register", registration("Missed"));
  await settled(tablet);
  expect(await tablet.database.sent.count()).toBe(1);
  goBack(clinic);
  await tablet.local.session.lock();
  await expect.poll(() => families(clinic), { timeout: 10_000 }).toEqual(["Missed"]);
  const delivery = clinic.requests.findLast(({ path }) => path === "/api/sync/deliver");
  expect(delivery?.body).toMatchObject({ givenBack: { from: 1, decided: [] } });
});

test("a locked tablet gives back what the backup missed before what still waits", async () => {
  const clinic = new FakeClinic();
  const { local, ...tablet } = await unlockedAt(clinic);
  await local.mutate("patient.register", registration("Acknowledged"));
  await settled({ local, ...tablet });
  clinic.network = "down";
  await local.mutate("patient.register", registration("Waiting"));
  await local.session.lock();
  goBack(clinic);
  clinic.network = "up";
  await expect.poll(() => families(clinic), { timeout: 15_000 }).toEqual(["Acknowledged", "Waiting"]);
});

test("somebody whose session ended with the restore sees what is given back, and sends it once signed in", async () => {
  const clinic = new FakeClinic();
  const tablet = await unlockedAt(clinic);
  await tablet.local.mutate("patient.register", registration("Missed"));
  await settled(tablet);
  goBack(clinic);
  clinic.sessionEnded = true;
  clinic.refuseClient = [...clinic.clients.keys()][0]!;
  await tablet.local.syncNow();
  await expect.poll(() => tablet.local.outbox.get().length, { timeout: 10_000 }).toBe(1);
  expect(tablet.local.given.get()).toBe(1);
  clinic.refuseClient = null;
  await tablet.local.session.signIn({ username: "ana", password: PASSWORD });
  await settled(tablet);
  expect(families(clinic)).toEqual(["Missed"]);
  expect(tablet.local.outbox.get()).toEqual([]);
});

const part = { part: 0, mime: "audio/webm;codecs=opus" as const };

/** What a colleague recorded here. */
const colleaguesSound = (uploaded = true) => ({
  id: newId(),
  user: newId(),
  practice: newId(),
  state: "complete" as const,
  startedAt: "2027-01-12T14:00:00.000Z",
  endedAt: "2027-01-12T14:00:04.000Z",
  begun: true,
  captureId: null,
  visit: { iv: new Uint8Array(12), ct: new Uint8Array(16) },
  keyLocal: null,
  parts: [
    {
      ...part,
      startOffset: 0,
      done: { ...part, startOffset: 0, seconds: 4, bytes: 9, sha256: "0".repeat(64) },
      uploadUrl: "https://clinic.test/api/recordings/1",
      uploaded,
    },
  ],
  gaps: [],
});

test("sound that is at the clinic is offered again after a restore, and not when somebody signs in for the first time", async () => {
  const clinic = new FakeClinic();
  const sent: string[] = [];
  const tablet = await tabletAt(clinic, { send: async (_frames, { id }) => void sent.push(id) });
  const [record, waits] = [colleaguesSound(), colleaguesSound(false)];
  await tablet.database.recordings.bulkPut([record, waits]);
  await signInFresh(tablet);
  await settled(tablet);
  await expect.poll(() => sent, { timeout: 10_000 }).toEqual([`${waits.id}.0`]);
  expect(await tablet.database.recordings.get(record.id)).toMatchObject({ parts: [{ uploaded: true }] });
  goBack(clinic);
  await settled(tablet);
  await expect.poll(() => sent, { timeout: 10_000 }).toContain(`${record.id}.0`);
});

test("a locked tablet that gives back offers everybody's sound again", async () => {
  const clinic = new FakeClinic();
  const sent: string[] = [];
  const tablet = await unlockedAt(clinic, { send: async (_frames, { id }) => void sent.push(id) });
  const record = colleaguesSound();
  await tablet.database.recordings.put(record);
  await tablet.local.mutate("patient.register", registration("Missed"));
  await settled(tablet);
  goBack(clinic);
  await tablet.local.session.lock();
  await expect.poll(() => families(clinic), { timeout: 10_000 }).toEqual(["Missed"]);
  await expect.poll(() => sent, { timeout: 10_000 }).toEqual([`${record.id}.0`]);
});
