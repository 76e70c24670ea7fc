// Dexie looks for IndexedDB when it is loaded, so this comes first.
import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import type { Mutation } from "#domain/collection.ts";
import { now } from "#domain/kernel/clock.ts";
import { type FoundMutation, mutations } from "#domain/registry.ts";
import { unlockKeyring } from "./keys/keyring.ts";
import { hotRows, sealHot } from "./store/hot-block.ts";
import { loadRows, sealRow } from "./store/rows.ts";
import { loadSyncState } from "./store/sync-state.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { patientRow, registration } from "./testing/people.ts";
import { PIN, quickDerive, signInFresh, startTablet, until } from "./testing/tablet.ts";

const name = "patient.register";
const registry = mutations as Map<string, FoundMutation>;
const present = mutations.get(name)!;
afterEach(() => void registry.set(name, present));

/** A release that writes registrations in its own version. */
const release = (v: number, earlier: Mutation["earlier"] = {}): void => {
  registry.set(name, { ...present, mutation: { ...present.mutation, v, earlier } });
};

/** What became of the given name after the first version. */
const first: Mutation["earlier"] = {
  1: {
    until: "2027-01-01",
    upcast: ({ givenName, ...rest }) => ({ ...rest, givenName: `${givenName} (renamed)` }),
  },
};

test("what an earlier release wrote is shown as this one reads it, and sent as it was written", async () => {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  await tablet.local.syncNow();
  clinic.network = "down";
  const { n } = await tablet.local.mutate(name, registration("First"));
  const [written] = await tablet.database.outbox.toArray();
  await tablet.crash();

  release(2, first);
  const updated = await startTablet(clinic, { name: tablet.name });
  await updated.local.session.unlock(PIN);
  await until(updated.local.rows("patient", {}), ({ rows }) => rows[0]?.givenName === "Ana (renamed)");
  const [item] = await until(updated.local.outbox, (items) => items.length === 1);
  expect(item).toMatchObject({ n, args: { givenName: "Ana (renamed)" }, mutation: { v: 1 } });
  expect(item?.mutation.args).toMatchObject({ givenName: "Ana" });
  expect((await updated.database.outbox.toArray())[0]).toEqual(written);

  clinic.release = 2;
  clinic.network = "up";
  await updated.local.syncNow();
  await until(updated.local.outbox, (items) => items.length === 0);
  const pushed = clinic.requests.filter(({ path }) => path === "/api/sync/push").at(-1)?.body;
  expect(pushed).toMatchObject({ mutations: [{ v: 1, args: { givenName: "Ana" } }] });
  await until(updated.local.rows("patient", {}), ({ rows }) => rows[0]?.givenName === "Ana (renamed)");
  await updated.local.close();
});

test("what was refused in an earlier form is sent again in this one's", async () => {
  const clinic = new FakeClinic();
  clinic.refuse = () => "already_exists";
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  const { n } = await tablet.local.mutate(name, registration("First"));
  await tablet.local.syncNow();
  await until(tablet.local.outbox, ([item]) => item?.status === "refused");
  release(2, first);
  clinic.release = 2;
  clinic.refuse = () => null;
  await tablet.local.outbox.sendAgain(n);
  await until(tablet.local.outbox, (items) => items.length === 0);
  const pushed = clinic.requests.filter(({ path }) => path === "/api/sync/push").at(-1)?.body;
  expect(pushed).toMatchObject({ mutations: [{ v: 2, args: { givenName: "Ana (renamed)" } }] });
  await tablet.local.close();
});

test("a clinic that was not updated yet gets nothing it cannot read: it waits with the reason, and rows go on arriving", async () => {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  const { local } = tablet;
  await signInFresh(tablet);
  await local.mutate(name, registration("First"));
  release(2, first);
  await local.mutate(name, registration("Second"));
  release(3, { ...first, 2: { until: "2027-01-02", upcast: (args) => args } });
  await local.mutate(name, registration("Third"));
  clinic.put("patient", "demographics", patientRow("From the clinic"));
  const pushes = () => clinic.requests.filter(({ path }) => path === "/api/sync/push").length;
  await local.syncNow();
  await until(local.outbox, ([item]) => item?.n === 2 && item.code === "version_too_new");
  expect(local.outbox.get().map(({ n, status, code }) => [n, status, code])).toEqual([
    [2, "waiting", "version_too_new"],
    [3, "waiting", null],
  ]);
  await until(local.rows("patient", {}), ({ rows }) =>
    rows.some(({ familyName }) => familyName === "From the clinic"),
  );
  // It does not ask again and again.
  const before = pushes();
  await local.syncNow();
  expect(pushes()).toBe(before + 1);
  clinic.release = 3;
  await local.syncNow();
  await until(local.outbox, (items) => items.length === 0);
  await local.close();
});

test("rows of another release's making are dropped and fetched anew; what waits stays, and none is shown half", async () => {
  const clinic = new FakeClinic();
  const patient = patientRow("Row");
  clinic.put("patient", "demographics", patient);
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  await tablet.local.syncNow();
  await until(tablet.local.rows("patient", {}), ({ rows }) => rows.length === 1);
  clinic.network = "down";
  await tablet.local.mutate("patient.update", { id: patient.id, phone: "555 0100" });
  const waiting = await tablet.database.outbox.toArray();
  await asAnotherRelease(tablet);
  await tablet.crash();

  const updated = await startTablet(clinic, { name: tablet.name });
  await updated.local.session.unlock(PIN);
  await until(updated.local.awaiting, (awaiting) => awaiting);
  expect(updated.local.rows("patient", {}).get().rows).toEqual([]);
  expect(await updated.database.rows.count()).toBe(0);
  expect(await updated.database.outbox.toArray()).toEqual(waiting);
  clinic.network = "up";
  await updated.local.syncNow();
  await until(updated.local.outbox, (items) => items.length === 0);
  await until(updated.local.rows("patient", {}), ({ rows }) => rows[0]?.phone === "555 0100");
  await updated.local.close();
});

/** Seals everything that was pulled as a release with another layout would have. */
async function asAnotherRelease({ database }: Awaited<ReturnType<typeof startTablet>>): Promise<void> {
  const [user] = await database.users.toArray();
  const device = await database.device.get("this");
  const keyring = await unlockKeyring(user!.id, user!.keys, PIN, device!.secret, quickDerive);
  const { streams } = await loadSyncState(database, keyring);
  for await (const rows of loadRows(database, streams)) {
    const sealed = rows.map((row) => sealRow(keyring, streams.find(({ kid }) => kid === row.kid)!, row, 0));
    await database.rows.bulkPut(await Promise.all(sealed));
    await database.hot.put(await sealHot(keyring, hotRows(rows, now()), 0));
  }
}
