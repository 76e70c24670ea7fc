import { expect, test, vi } from "vitest";
import { sleep } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { atTheEnd, families, playClock, settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { patientRow, registration } from "./testing/people.ts";
import { PIN, until } from "./testing/tablet.ts";

const HOUR = 3_600_000;

/** A tablet with a patient and a chart entry of hers, whose offline time is over. */
async function expiredTablet() {
  const clock = playClock();
  const clinic = new FakeClinic();
  const patient = patientRow("Lopez");
  clinic.scope.push(`chart:${patient.id}`);
  clinic.put("patient", "demographics", patient);
  clinic.put("problem", `chart:${patient.id}`, { id: newId(), patientId: patient.id, title: "Asthma" });
  const tablet = await unlockedAt(clinic);
  const problems = tablet.local.rows("problem", {});
  atTheEnd(problems.subscribe(() => {}));
  await until(problems, ({ rows }) => rows.length === 1);
  await tablet.local.session.lock();
  clinic.network = "down";
  clock.pass(48 * HOUR);
  await tablet.local.session.unlock(PIN);
  expect(tablet.local.session.get()).toMatchObject({ state: "expired", emergencyLeft: 3 });
  return { clock, clinic, tablet, local: tablet.local, patients: families(tablet), problems };
}

test("the PIN and a reason open the list and the cards, no chart, and the clinic is told (C23)", async () => {
  const { clock, clinic, tablet, local, patients, problems } = await expiredTablet();
  atTheEnd(patients.subscribe(() => {}));
  await expect(local.session.beginEmergency("wrong-pin!", "Power cut")).rejects.toMatchObject({
    code: "wrong_pin",
  });
  expect(local.session.get()).toMatchObject({ state: "expired", wrongPins: 1 });
  expect(await tablet.database.outbox.count()).toBe(0);

  await local.session.beginEmergency(PIN, "Power cut");
  const ends = new Date(clock.now() + 4 * HOUR).toISOString();
  expect(local.session.get()).toMatchObject({ state: "emergency", emergencyUntil: ends, emergencyLeft: 2 });
  await until(patients, ({ rows, ready }) => ready && rows.length === 1);
  expect(problems.get().rows).toEqual([]);
  await local.mutate("patient.register", registration("Written"));
  await until(patients, ({ rows }) => rows.length === 2);

  // A lock in between is not another access.
  await local.session.lock();
  await local.session.unlock(PIN);
  expect(local.session.get()).toMatchObject({ state: "emergency", emergencyUntil: ends, emergencyLeft: 2 });

  clock.pass(4 * HOUR);
  await settled(tablet);
  expect(local.session.get().state).toBe("expired");
  expect(patients.get().rows).toEqual([]);

  clinic.network = "up";
  await settled(tablet);
  expect(local.session.get()).toMatchObject({ state: "unlocked", emergencyUntil: null, emergencyLeft: 3 });
  await until(problems, ({ rows }) => rows.length === 1);
  const stored = [...clinic.rows.values()];
  expect(stored.find(({ collection }) => collection === "emergency-access")?.data).toMatchObject({
    userId: clinic.user.id,
    reason: "Power cut",
    until: ends,
  });
});

test("one that began while the latest time was being remembered is there after a lock, and counts", async () => {
  const { clock, tablet, local } = await expiredTablet();
  await settled(tablet);
  clock.pass(5 * 60_000); // somebody wrote the reason
  // A real disk takes a moment until it says that it has something.
  const { users } = tablet.database;
  const update = users.update.bind(users);
  vi.spyOn(users, "update").mockImplementation(
    (...change) =>
      update(...change).then(async (done) => {
        await sleep(50);
        return done;
      }) as ReturnType<typeof update>,
  );
  await local.session.beginEmergency(PIN, "Power cut");
  await settled(tablet);
  await local.session.lock();
  await local.session.unlock(PIN);
  expect(local.session.get()).toMatchObject({ state: "emergency", emergencyLeft: 2 });
});

test("the clinic's answer in the middle of it opens everything", async () => {
  const { clinic, tablet, local, problems } = await expiredTablet();
  await local.session.beginEmergency(PIN, "Power cut");
  clinic.network = "up";
  await settled(tablet);
  expect(local.session.get()).toMatchObject({ state: "unlocked", emergencyUntil: null });
  await until(problems, ({ rows }) => rows.length === 1);
});

test("three times and no more, also over a restart", async () => {
  const { clock, clinic, tablet, local } = await expiredTablet();
  for (const left of [2, 1, 0]) {
    await local.session.beginEmergency(PIN, "Power cut");
    expect(local.session.get().emergencyLeft).toBe(left);
    clock.pass(4 * HOUR);
    await settled(tablet);
  }
  await expect(local.session.beginEmergency(PIN, "Power cut")).rejects.toMatchObject({
    code: "no_emergency",
  });
  await tablet.crash();
  const again = await tabletAt(clinic, { name: tablet.name });
  await again.local.session.unlock(PIN);
  expect(again.local.session.get()).toMatchObject({ state: "expired", emergencyLeft: 0 });
});

test("never a week after the last contact, also with the clock set back", async () => {
  const { clock, tablet, local } = await expiredTablet();
  clock.pass(5 * 24 * HOUR);
  await settled(tablet);
  await local.session.lock();
  clock.pass(-4 * 24 * HOUR);
  await local.session.unlock(PIN);
  expect(local.session.get()).toMatchObject({ state: "expired", emergencyLeft: 0 });
  await expect(local.session.beginEmergency(PIN, "Power cut")).rejects.toMatchObject({
    code: "no_emergency",
  });
});
