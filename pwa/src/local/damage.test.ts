import { expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { UNREADABLE } from "#domain/sync/envelope.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { patientRow, registration } from "./testing/people.ts";
import { PIN, signInFresh, startTablet, until } from "./testing/tablet.ts";

/** A tablet with two rows of the clinic and two waiting changes, locked, its network down. */
async function lockedTablet() {
  const clinic = new FakeClinic();
  clinic.put("patient", "demographics", patientRow("Row"));
  clinic.put("patient", "demographics", patientRow("Another"));
  clinic.refuse = ({ name }) => (name === UNREADABLE ? "envelope_unreadable" : null);
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  await tablet.local.syncNow();
  clinic.network = "down";
  await tablet.local.mutate("patient.register", registration("First"));
  await tablet.local.mutate("patient.register", registration("Second"));
  await tablet.local.session.lock();
  return { clinic, ...tablet };
}

const zeros = ({ length }: Uint8Array) => new Uint8Array(length);

test.each(["rows", "streams", "keys of streams", "cursors", "hot"] as const)(
  "damage among the %s on the disk is fetched anew: the PIN opens, and nothing is missing",
  async (what) => {
    const { clinic, local, database } = await lockedTablet();
    if (what === "keys of streams")
      await database.streams.toCollection().modify((record) => {
        Object.assign(record.key, { ct: zeros(record.key.ct) });
      });
    else
      for (const record of await database[what].toArray())
        await database.table(what).put({ ...record, ct: zeros(record.ct) });
    await local.session.unlock(PIN);
    expect(local.session.get().state).toBe("unlocked");
    clinic.network = "up";
    await local.syncNow();
    await until(local.rows("patient", {}), ({ rows, ready }) => ready && rows.length === 4);
    await until(local.outbox, (items) => items.length === 0);
    const kids = new Set(await database.streams.toCollection().primaryKeys());
    for (const row of await database.rows.toArray()) expect(kids).toContain(row.kid);
    // In a stream that was empty when it was damaged.
    clinic.put("room", "directory", { id: newId(), name: "Room 9" });
    await local.syncNow();
    await until(local.rows("room", {}), ({ rows }) => rows.length === 1);
    await local.close();
  },
);

test("a damaged entry of the outbox is shown, and holds up neither the unlock nor what was written after it", async () => {
  const { clinic, local, database } = await lockedTablet();
  const [first] = await database.outbox.toArray();
  const envelope = { ...first!.envelope, ct: "A".repeat(first!.envelope.ct.length) };
  await database.outbox.put({ ...first!, envelope });
  await local.session.unlock(PIN);
  clinic.network = "up";
  await local.syncNow();
  await until(local.outbox, (items) => items.length === 1);
  expect(local.outbox.get()).toMatchObject([{ n: 1, status: "refused", code: "envelope_unreadable" }]);
  expect([...clinic.rows.values()].map(({ data }) => data.familyName)).toContain("Second");
  // The clinic gets the envelope as it is.
  const pushed = clinic.requests.filter(({ path }) => path === "/api/sync/push").map(({ body }) => body);
  expect(JSON.stringify(pushed)).toContain(envelope.ct);
  await local.close();
});
