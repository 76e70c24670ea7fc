import { afterEach, describe, expect, test } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { movableClock, patientRow, registration } from "./testing/people.ts";
import { PIN, signInFresh, startTablet, until } from "./testing/tablet.ts";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

async function tabletWithPatient() {
  const clock = movableClock();
  cleanup.push(useClock({ now: clock.now }));
  const clinic = new FakeClinic();
  const patientId = newId();
  clinic.put("patient", "demographics", patientRow("Lopez", patientId));
  const tablet = await startTablet(clinic);
  cleanup.push(() => tablet.local.close());
  await signInFresh(tablet);
  await tablet.local.syncNow();
  await until(tablet.local.connection, ({ state }) => state === "saved");
  /** What reached the clinic, in the person's name or by the device. */
  const told: PushedMutation[] = [];
  clinic.refuse = (mutation) => {
    told.push(mutation);
    return null;
  };
  return { clock, clinic, patientId, tablet, local: tablet.local, told };
}

/** Until the disk holds so many entries that nobody answered. */
const queued = async ({ database }: { database: { outbox: { count(): Promise<number> } } }, count: number) =>
  expect.poll(() => database.outbox.count()).toBe(count);

describe("an opened chart", () => {
  test("is told to the clinic at once, once for all looks of five minutes", async () => {
    const { clock, patientId, local, told } = await tabletWithPatient();
    local.openChart(patientId);
    local.openChart(patientId);
    await expect.poll(() => told.length).toBe(1);
    expect(told[0]).toMatchObject({ name: "patient.openChart", args: { id: patientId } });
    clock.pass(5 * 60_000 - 1);
    local.openChart(patientId);
    await local.syncNow();
    expect(told).toHaveLength(1);
    clock.pass(1);
    local.openChart(patientId);
    await expect.poll(() => told.length).toBe(2);
  });

  test("without the clinic waits sealed on the disk, survives a restart, and arrives with its time", async () => {
    const { clock, clinic, patientId, tablet, local, told } = await tabletWithPatient();
    clinic.network = "down";
    const at = new Date(clock.now()).toISOString();
    local.openChart(patientId);
    await queued(tablet, 1);
    expect(JSON.stringify(await tablet.database.outbox.toArray())).not.toContain(patientId);
    await tablet.crash();
    clock.pass(3_600_000);
    clinic.network = "up";
    const again = await startTablet(clinic, { name: tablet.name });
    cleanup.push(() => again.local.close());
    await again.local.session.unlock(PIN);
    await again.local.syncNow();
    await expect.poll(() => told.length).toBe(1);
    expect(told[0]!.at).toBe(at);
  });

  test("is not counted as somebody's unsaved work, but is said; the patient's record stays as it is", async () => {
    const { clinic, patientId, tablet, local } = await tabletWithPatient();
    clinic.network = "down";
    local.openChart(patientId);
    await queued(tablet, 1);
    await until(local.connection, ({ reports }) => reports === 1);
    expect(local.connection.get()).toMatchObject({ waiting: 0, attention: 0 });
    expect(local.outbox.get()).toEqual([]);
    expect(local.mark(patientId)).toBe("at-the-clinic");
    clinic.network = "up";
    await local.syncNow();
    await until(local.connection, ({ reports }) => reports === 0);
    await queued(tablet, 0);
  });

  test("that the clinic refuses leaves nothing to decide and does not hold up what follows", async () => {
    const { clinic, patientId, tablet, local } = await tabletWithPatient();
    clinic.refuse = ({ name }) => (name === "patient.openChart" ? "chart_restricted" : null);
    local.openChart(patientId);
    await local.mutate("patient.register", registration("After"));
    await local.syncNow();
    await queued(tablet, 0);
    expect(local.outbox.get()).toEqual([]);
    expect(local.connection.get()).toMatchObject({ state: "saved", attention: 0 });
  });

  test("that the disk does not take is tried again at the next opening", async () => {
    const { patientId, tablet, local, told } = await tabletWithPatient();
    const fail = () => {
      throw new DOMException("disk full", "QuotaExceededError");
    };
    const said = console.error;
    const complaint = new Promise((resolve) => {
      console.error = resolve;
    });
    tablet.database.outbox.hook("creating", fail);
    local.openChart(patientId);
    expect(await complaint).toContain("could not be reported");
    console.error = said;
    tablet.database.outbox.hook("creating").unsubscribe(fail);
    local.openChart(patientId);
    await expect.poll(() => told.length).toBe(1);
  });
});
