import { expect, test } from "vitest";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { registration } from "./testing/people.ts";
import { PIN } from "./testing/tablet.ts";

const full = () => {
  throw new DOMException("disk full", "QuotaExceededError");
};
const numbers = (clinic: FakeClinic) =>
  clinic.requests
    .filter(({ path }) => path === "/api/sync/push")
    .map(({ body }) => (body as { mutations: PushedMutation[] }).mutations.map(({ n }) => n));

test("answers that do not fit on the disk hold up nothing: all work reaches the clinic once, and it is said that the disk is full", async () => {
  const clinic = new FakeClinic();
  const tablet = await unlockedAt(clinic);
  clinic.network = "down";
  for (let i = 0; i < 60; i++) await tablet.local.mutate("patient.register", registration(`P${i}`));
  clinic.network = "up";
  tablet.database.results.hook("creating", full);
  tablet.database.rows.hook("creating", full);
  for (let i = 0; i < 3; i++) await settled(tablet);
  expect([...clinic.clients.values()][0]!.lastN).toBe(60);
  expect(numbers(clinic).map((batch) => [batch[0], batch.at(-1)])).toEqual([
    [1, 50],
    [51, 60],
  ]);
  expect(tablet.local.noRoom.get()).not.toBeNull();
  expect(tablet.local.connection.get().waiting).toBe(0);
  expect(await tablet.database.outbox.count()).toBe(60); // nothing was thrown away for want of room
  // Started again without room: the clinic is asked once more, and answers the same.
  await tablet.crash();
  const again = await tabletAt(clinic, { name: tablet.name });
  again.database.results.hook("creating", full);
  again.database.rows.hook("creating", full);
  await again.local.session.unlock(PIN);
  for (let i = 0; i < 2; i++) await settled(again);
  expect(numbers(clinic)).toHaveLength(4);
  expect(clinic.rows.size).toBe(60);
  // With room again it ends.
  again.database.results.hook("creating").unsubscribe(full);
  again.database.rows.hook("creating").unsubscribe(full);
  await settled(again);
  expect(await again.database.outbox.count()).toBe(0);
  expect(again.local.outbox.get()).toEqual([]);
});
