import { afterEach, expect, test } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import type { PullRequest } from "#domain/sync/protocol.ts";
import { FakeClinic } from "../testing/fake-clinic.ts";
import { patientRow } from "../testing/people.ts";
import { signInFresh, startTablet, until } from "../testing/tablet.ts";

let restore = () => {};
afterEach(() => restore());

/** A tablet that holds three patients, and a clock that can be moved on. */
async function tabletWithPatients() {
  let time = Date.UTC(2027, 0, 12, 15);
  restore = useClock({ now: () => time });
  const clinic = new FakeClinic();
  for (const name of ["One", "Two", "Three"]) clinic.put("patient", "demographics", patientRow(name));
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  await tablet.local.syncNow();
  const pulls = () =>
    clinic.requests.filter(({ path }) => path === "/api/sync/pull").map(({ body }) => body as PullRequest);
  return {
    ...tablet,
    clinic,
    pulls,
    wait: (minutes: number) => {
      time += minutes * 60_000;
    },
  };
}

test("every ten minutes the copies are compared, and equal ones stay as they are", async () => {
  const { local, database, pulls, wait } = await tabletWithPatients();
  const before = await database.streams.toCollection().primaryKeys();
  wait(11);
  await local.syncNow();
  expect(pulls().at(-1)).toMatchObject({ verify: true, mismatches: [] });
  await local.syncNow();
  expect(pulls().at(-1)).toMatchObject({ verify: false });
  expect(await database.streams.toCollection().primaryKeys()).toEqual(before);
  await local.close();
});

test("a copy that lost a row is noticed, reported with both values, and fetched anew under another key", async () => {
  const { local, database, clinic, pulls, wait } = await tabletWithPatients();
  const before = await database.streams.toCollection().primaryKeys();
  // A row of which the tablet was never told: the clinic gave its number away before it was stored.
  const [row] = clinic.rows.values();
  clinic.rows.set("patient|hidden", { ...row!, ...patientRow("Hidden"), data: patientRow("Hidden"), seq: 1 });
  wait(11);
  await local.syncNow();
  expect(pulls().at(-1)).toMatchObject({
    mismatches: [{ stream: "demographics", generation: 1, held: { count: 3 }, expected: { count: 4 } }],
  });
  await until(local.rows("patient", {}), ({ rows }) => rows.length === 4);
  const kids = await database.streams.toCollection().primaryKeys();
  expect(before.filter((kid) => !kids.includes(kid))).toHaveLength(1);
  for (const { kid } of await database.rows.toArray()) expect(kids).toContain(kid);
  await local.close();
});

test("a digest that never fits is answered once, and work goes on", async () => {
  const { local, clinic, pulls, wait } = await tabletWithPatients();
  clinic.wrongDigests.add("demographics");
  wait(11);
  await local.syncNow();
  const reported = () => pulls().filter(({ mismatches }) => mismatches.length > 0).length;
  expect(reported()).toBe(1);
  await local.syncNow();
  expect(reported()).toBe(1);
  await until(local.rows("patient", {}), ({ rows }) => rows.length === 3);
  await local.close();
});
