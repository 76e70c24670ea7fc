import { expect, test } from "vitest";
import { entries, entry, goBack, type PlayedLog, playedLog } from "#domain/audit/testing/played-log.ts";
import { useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { atTheEnd, families, playClock, settled, tabletAt, unlockedAt } from "../testing/at-work.ts";
import { FakeClinic } from "../testing/fake-clinic.ts";
import { patientRow, registration } from "../testing/people.ts";
import { PIN, until } from "../testing/tablet.ts";

/** A tablet that has seen the log of its clinic. */
async function witnessing() {
  const clock = playClock();
  atTheEnd(useClock({ now: clock.now, monotonic: clock.now }));
  const clinic = new FakeClinic();
  const log = await playedLog();
  clinic.log = log;
  clinic.epoch = log.state.epoch;
  const tablet = await unlockedAt(clinic);
  return { clinic, log, tablet, clock };
}

const asked = (clinic: FakeClinic, path: string) =>
  clinic.requests.filter((request) => request.path === path).length;

/** Patients that the clinic holds, by their family names. */
const atTheClinic = (clinic: FakeClinic) => [...clinic.rows.values()].map(({ data }) => data.familyName);

test("a log that grows is believed and kept, and one that did not change is not asked about", async () => {
  const { clinic, log, tablet, clock } = await witnessing();
  expect(await tablet.database.history.toArray()).toMatchObject([{ key: log.key, notes: { length: 1 } }]);
  const note = await log.note();
  log.note = async () => note;
  const before = asked(clinic, "/api/audit/proof");
  clock.pass(60_000);
  await settled(tablet);
  clock.pass(60_000);
  await settled(tablet);
  expect(asked(clinic, "/api/audit/proof") - before).toBeLessThanOrEqual(1);
  expect(asked(clinic, "/api/audit/checkpoint")).toBe(1);
  expect(tablet.local.history.get()).toBeNull();
});

const forgeries: readonly [string, (log: PlayedLog) => void, string][] = [
  ["shorter", ({ state }) => state.log.splice(20), "shorter"],
  ["different", ({ state }) => state.log.splice(4, 1, entry({ other: true })), "different"],
  [
    "of another epoch without the record of a restore",
    ({ state }) => {
      state.epoch = newId();
      state.log.splice(20);
    },
    "unannounced_restore",
  ],
];

test.each(forgeries)(
  "of a clinic whose log is %s nothing is taken and nothing is sent to it, also after the page was loaded anew",
  async (_, forge, fault) => {
    const { clinic, log, tablet, clock } = await witnessing();
    clinic.put("patient", "demographics", patientRow("Before"));
    await settled(tablet);
    forge(log);
    clinic.epoch = log.state.epoch;
    clinic.put("patient", "demographics", patientRow("Forged"));
    clock.pass(60_000);
    await settled(tablet);
    expect(tablet.local.history.get()).toMatchObject({ fault });
    await tablet.local.mutate("patient.register", registration("Waiting"));
    await settled(tablet);
    await until(
      families(tablet),
      ({ rows }) => rows.map((row) => row.familyName).join() === "Before,Waiting",
    );
    expect(atTheClinic(clinic)).not.toContain("Waiting");

    await tablet.crash();
    const again = await tabletAt(clinic, { name: tablet.name });
    await again.local.session.unlock(PIN);
    await settled(again);
    expect(again.local.history.get()).toMatchObject({ fault });
    expect(again.local.outbox.get()).toHaveLength(1);
    await until(families(again), ({ rows }) => rows.map((row) => row.familyName).join() === "Before,Waiting");
  },
);

test("a clinic that was refused is believed again as soon as its log fits, and gets what waited", async () => {
  const { clinic, log, tablet, clock } = await witnessing();
  const kept = [...log.state.log];
  log.state.log.splice(20);
  clock.pass(60_000);
  await settled(tablet);
  expect(tablet.local.history.get()).not.toBeNull();
  await tablet.local.mutate("patient.register", registration("Waiting"));
  log.state.log.splice(0, 99, ...kept, ...entries(2));
  await settled(tablet);
  expect(tablet.local.history.get()).toBeNull();
  expect(atTheClinic(clinic)).toContain("Waiting");
});

test("a restore that the log names is believed", async () => {
  const { clinic, log, tablet } = await witnessing();
  clinic.put("patient", "demographics", patientRow("Before"));
  await settled(tablet);
  goBack(log, 20);
  clinic.epoch = log.state.epoch;
  clinic.put("patient", "demographics", patientRow("After"));
  await settled(tablet);
  expect(tablet.local.history.get()).toBeNull();
  await until(families(tablet), ({ rows }) => rows.length === 2);
});

test("a clinic that has less than was taken from it is refused, also where no head of that was signed", async () => {
  const { clinic, log, tablet } = await witnessing();
  const note = await log.note();
  log.note = async () => note;
  log.state.log.push(...entries(10));
  clinic.put("patient", "demographics", patientRow("Taken"));
  clinic.seq = 50;
  await settled(tablet);
  log.state.log.splice(40);
  clinic.seq = 40;
  await settled(tablet);
  expect(tablet.local.history.get()).toMatchObject({ fault: "shorter" });
  await settled(tablet);
  expect(tablet.local.history.get()).toMatchObject({ fault: "shorter" });
  await until(families(tablet), ({ rows }) => rows.length === 1);
  log.state.log.push(...entries(30));
  clinic.seq = 70;
  await settled(tablet);
  expect(tablet.local.history.get()).toBeNull();
});
