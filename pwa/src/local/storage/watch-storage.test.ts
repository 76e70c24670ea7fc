// Dexie looks for IndexedDB when it is loaded, so this comes first.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { PullRequest } from "#domain/sync/protocol.ts";
import { withReconnect } from "../store/database.ts";
import { FakeClinic } from "../testing/fake-clinic.ts";
import { movableClock, patientRow } from "../testing/people.ts";
import { signInFresh, startTablet, until } from "../testing/tablet.ts";
import { chartsOf, keepAway } from "./charts.ts";
import { type BrowserStorage, lookAtStorage, watchStorage } from "./watch-storage.ts";

const clock = movableClock();
let restore = () => {};
beforeEach(() => {
  restore = useClock({ now: clock.now });
});
afterEach(() => restore());

const DAY = 86_400_000;
const at = (days: number) => new Date(clock.now() + days * DAY).toISOString();

/** A browser with a quota of 100 bytes. */
function browser(used: number) {
  const storage = {
    used,
    kept: false,
    asked: 0,
    estimate: async () => ({ usage: storage.used, quota: 100 }),
    persisted: async () => storage.kept,
    persist: async () => {
      storage.asked++;
      storage.kept = true;
      return true;
    },
  };
  return storage satisfies BrowserStorage;
}

const visit = (patientId: string, start: string) => ({
  id: newId(),
  patientId,
  clinicianId: newId(),
  visitTypeId: newId(),
  start,
  minutes: 15,
  lane: 0,
  status: "booked",
  reason: "",
  roomId: null,
  walkIn: false,
  overbookReason: "",
  cancelReason: "",
  trail: [],
});

const problem = (patientId: string, title: string) => ({ id: newId(), patientId, title, status: "active" });

/** A tablet with the charts of somebody who was here last week, and of somebody who comes today. */
async function withCharts() {
  const clinic = new FakeClinic();
  const [past, today] = [newId(), newId()];
  clinic.scope = [...clinic.scope, `chart:${past}`, `chart:${today}`];
  for (const [id, start] of [
    [past, at(-8)],
    [today, at(0.1)],
  ] as const) {
    clinic.put("patient", "demographics", patientRow("Somebody", id));
    clinic.put("appointment", "schedule", visit(id, start));
    clinic.put("problem", `chart:${id}`, problem(id, `Problem of ${id}`));
  }
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  await tablet.local.syncNow();
  expect(chartsOf(tablet.local).held.toSorted()).toEqual([past, today].toSorted());
  const lastPull = () =>
    clinic.requests.filter(({ path }) => path === "/api/sync/pull").at(-1)?.body as PullRequest;
  return { ...tablet, clinic, past, today, lastPull };
}

const titles = ({ local }: { local: Awaited<ReturnType<typeof withCharts>>["local"] }) =>
  until(local.rows("problem", {}), ({ ready }) => ready).then(({ rows }) => rows.map(({ title }) => title));

test("says how many charts stay at the clinic because a tablet keeps only so many records", async () => {
  const { local, clinic } = await withCharts();
  clinic.left = 3;
  await local.syncNow();
  await lookAtStorage(local, browser(10));
  expect(local.storage.get()).toMatchObject({ away: 0, left: 3 });
});

test("from 80 % on the charts of visits that are over leave the tablet and the clinic's list, and come back with room", async () => {
  const tablet = await withCharts();
  const { local, database, past, today, lastPull, clinic } = tablet;
  await lookAtStorage(local, browser(79));
  expect(chartsOf(local).away).toEqual([]);
  await lookAtStorage(local, browser(81));
  expect(chartsOf(local)).toMatchObject({ held: [today], away: [past] });
  expect(local.storage.get()).toEqual({
    used: 81,
    quota: 100,
    refused: false,
    persisted: false,
    away: 1,
    left: 0,
  });
  expect(await titles(tablet)).toEqual([`Problem of ${today}`]);
  expect(lastPull().putAway).toEqual([`chart:${past}`]);
  const kids = new Set(await database.streams.toCollection().primaryKeys());
  for (const row of await database.rows.toArray()) expect(kids).toContain(row.kid);
  expect(lastPull().mismatches).toEqual([]);

  // Room for what is left is not room for what was put away.
  await lookAtStorage(local, browser(69));
  expect(chartsOf(local).away).toEqual([past]);
  const [client] = clinic.clients.values();
  expect([...(client?.streams.keys() ?? [])]).not.toContain(`chart:${past}`);
  await lookAtStorage(local, { ...browser(0), estimate: async () => ({ usage: 1e6, quota: 1e9 }) });
  await until(local.chartPresence(past), (presence) => presence === "on-this-tablet");
  expect((await titles(tablet)).toSorted()).toEqual([`Problem of ${past}`, `Problem of ${today}`].toSorted());
  await local.close();
});

test("one that somebody opens comes back at once and stays while it was opened last", async () => {
  const tablet = await withCharts();
  const { local, past } = tablet;
  await lookAtStorage(local, browser(81));
  expect(local.chartPresence(past).get()).toBe("not-on-this-tablet");
  local.openChart(past);
  await until(local.chartPresence(past), (presence) => presence === "on-this-tablet");
  await lookAtStorage(local, browser(95));
  expect(chartsOf(local)).toMatchObject({ away: [], bytes: 0 });
  await local.close();
});

test("the room that a chart needs which may come back is no longer kept for it", async () => {
  const { local, past, today } = await withCharts();
  await keepAway(local, [past, today]);
  const { bytes } = chartsOf(local);
  expect(bytes).toBeGreaterThan(0);
  await keepAway(local, [past]);
  expect(chartsOf(local)).toMatchObject({ away: [past], bytes: bytes / 2 });
  await keepAway(local, []);
  expect(chartsOf(local)).toMatchObject({ away: [], bytes: 0 });
  await local.close();
});

test("without the clinic room is made all the same, and unsent work stays whole", async () => {
  const tablet = await withCharts();
  const { local, database, clinic, past, today } = tablet;
  clinic.network = "down";
  await local.mutate("patient.update", { id: today, phone: "555 0100" });
  const before = await database.outbox.toArray();
  await lookAtStorage(local, browser(99));
  expect(chartsOf(local)).toMatchObject({ held: [today], away: [past] });
  expect(await database.outbox.toArray()).toEqual(before);
  clinic.network = "up";
  await local.syncNow();
  await until(local.outbox, (items) => items.length === 0);
  expect(chartsOf(local)).toMatchObject({ held: [today], away: [past] });
  await local.close();
});

test("the chart of a change that waits, or was refused, stays", async () => {
  const tablet = await withCharts();
  const { local, clinic, past } = tablet;
  clinic.refuse = () => "invalid_arguments";
  await local.mutate("patient.update", { id: past, phone: "555 0100" });
  await local.syncNow();
  await until(local.outbox, ([item]) => item?.status === "refused");
  await lookAtStorage(local, browser(99));
  expect(chartsOf(local).away).toEqual([]);
  await local.close();
});

test("what was put away stays away over a restart", async () => {
  const tablet = await withCharts();
  const { local, past, clinic, name } = tablet;
  await lookAtStorage(local, browser(81));
  await tablet.crash();
  const again = await startTablet(clinic, { name });
  await again.local.session.unlock("correct-pin");
  await again.local.syncNow();
  expect(chartsOf(again.local).away).toEqual([past]);
  await again.local.close();
});

test("the browser is asked to keep everything once somebody is at work, and only then", async () => {
  const tablet = await startTablet(new FakeClinic());
  const storage = browser(1);
  const end = watchStorage(tablet.local, storage);
  expect(storage.asked).toBe(0);
  await signInFresh(tablet);
  await until(tablet.local.storage, (view) => view?.persisted === true);
  expect(storage.asked).toBe(1);
  end();
  await tablet.local.close();
});

test("a browser that tells a quota which it never reaches says by a refusal that it is full", async () => {
  const tablet = await withCharts();
  const { local, database, past } = tablet;
  const storage = { ...browser(0), estimate: async () => ({ usage: 1e6, quota: 1e9 }) };
  const end = watchStorage(local, storage);
  await until(local.storage, (view) => view?.refused === false);
  const full = Object.assign(new Error("full"), { name: "QuotaExceededError" });
  const refuse = () => Promise.reject(full);
  await expect(withReconnect(database, refuse)).rejects.toBe(full);
  await until(local.storage, (view) => view?.refused === true && view.away === 1);
  expect(chartsOf(local).away).toEqual([past]);
  // It may have room again soon; what it had no room for is not fetched into it at once.
  clock.pass(15 * 60_000);
  await lookAtStorage(local, storage);
  expect(local.storage.get()).toMatchObject({ refused: false, away: 1 });
  clock.pass(7 * 3_600_000);
  await lookAtStorage(local, storage);
  expect(chartsOf(local).away).toEqual([]);
  end();
  await local.close();
});
