import { describe, expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { handoverKind } from "#domain/sync/review.ts";
import { settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { registration } from "./testing/people.ts";
import { PIN, type Tablet, until } from "./testing/tablet.ts";

/** A tablet with one refused registration. */
async function withRefused(clinic: FakeClinic) {
  clinic.refuse = ({ name }) => (name === "patient.register" ? "already_exists" : null);
  const tablet = await unlockedAt(clinic);
  await tablet.local.mutate("patient.register", registration("Twice"));
  await settled(tablet);
  expect(tablet.local.outbox.get()).toMatchObject([{ name: "patient.register", status: "refused" }]);
  return tablet;
}

function handsOver({ local }: Tablet, words = "Please look") {
  const { mutation } = local.outbox.get().find(({ name }) => name === "patient.register")!;
  const id = newId();
  return local.mutate("handover.give", { id, toId: newId(), kind: handoverKind(mutation), mutation, words });
}

const kept = ({ database }: Tablet) => database.outbox.toArray().then((rows) => rows.map(({ n }) => n));

describe("refused work that is handed over", () => {
  test("is one item that waits, stays on the disk until the clinic has it, and goes with the hand-over", async () => {
    const clinic = new FakeClinic();
    const tablet = await withRefused(clinic);
    const { local } = tablet;
    clinic.network = "down";
    await handsOver(tablet);
    expect(local.outbox.get()).toMatchObject([{ name: "handover.give", status: "waiting" }]);
    await until(local.connection, ({ attention, waiting }) => attention === 0 && waiting === 1);
    expect(await kept(tablet)).toEqual([1, 2]);
    clinic.network = "up";
    await settled(tablet);
    expect(local.outbox.get()).toEqual([]);
    expect(await kept(tablet)).toEqual([]);
    expect([...clinic.rows.values()]).toMatchObject([
      { data: { mutation: { args: { familyName: "Twice" } } } },
    ]);
    // Sealed for some days more, in case the clinic is restored from an older backup.
    expect(await tablet.database.sent.count()).toBe(2);
  });

  test.each(["before the push", "after the push", "after the answer"])(
    "power lost %s: it is there or handed over, never neither",
    async (moment) => {
      const clinic = new FakeClinic();
      const first = await withRefused(clinic);
      clinic.network = "down";
      await handsOver(first);
      if (moment !== "before the push") clinic.network = "up";
      if (moment === "after the push") clinic.loseAnswer = "/api/sync/push";
      if (moment === "after the answer") clinic.loseAnswer = "/api/sync/pull";
      if (moment !== "before the push") await first.local.syncNow();
      await first.crash();
      const second = await tabletAt(clinic, { name: first.name });
      clinic.network = "down";
      await second.local.session.unlock(PIN);
      const handed = [...clinic.rows.values()].length > 0;
      expect((await kept(second)).includes(1) || handed).toBe(true);
      clinic.network = "up";
      await settled(second);
      expect(await kept(second)).toEqual([]);
      expect([...clinic.rows.values()]).toHaveLength(1);
    },
  );

  test("is itself again when the clinic refuses that, with what was written to the colleague", async () => {
    const clinic = new FakeClinic();
    const tablet = await withRefused(clinic);
    const { local } = tablet;
    clinic.refuse = ({ name }) => (name === "handover.give" ? "handover_colleague" : null);
    await handsOver(tablet);
    await settled(tablet);
    const notHanded = { words: "Please look", code: "handover_colleague" };
    expect(local.outbox.get()).toMatchObject([
      { n: 1, status: "refused", code: "already_exists", notHanded },
    ]);
    expect(local.connection.get()).toMatchObject({ attention: 1, waiting: 0 });
    await handsOver(tablet, "Once more");
    await settled(tablet);
    expect(local.outbox.get()).toMatchObject([{ n: 1, notHanded: { words: "Once more" } }]);
    expect(await kept(tablet)).toEqual([1, 2, 3]);
    clinic.refuse = () => null;
    await local.outbox.sendAgain(1);
    await settled(tablet);
    expect(local.outbox.get()).toEqual([]);
    expect(await kept(tablet)).toEqual([]);
  });
});
