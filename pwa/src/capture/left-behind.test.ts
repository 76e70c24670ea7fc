// Dexie looks for IndexedDB when it is loaded, so this comes first.
import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { provideLocal } from "#pwa/local/index.ts";
import { playClock, unlockedAt } from "#pwa/local/testing/at-work.ts";
import { FakeClinic } from "#pwa/local/testing/fake-clinic.ts";
import { PIN, until } from "#pwa/local/testing/tablet.ts";
import { capturing, startCapturing } from "./capturing.ts";
import { author, leave, takeLeft } from "./left-behind.ts";

const left = () => ({ id: newId(), label: "Boy, room 2", text: "Rash since Tuesday", recorded: true });

/** Somebody writes without reading, and the tablet is locked before the disk took the words. */
async function lockedOverWords() {
  const clock = playClock();
  const clinic = new FakeClinic();
  const { local } = await unlockedAt(clinic);
  provideLocal(local);
  await local.session.lock();
  clinic.network = "down";
  clock.pass(48 * 3_600_000);
  await local.session.unlock(PIN);
  expect(local.session.get().state).toBe("expired");
  startCapturing();
  const who = author();
  await local.session.lock();
  expect(capturing.get()).toBe(false);
  return { clinic, local, who };
}

test("words that the disk did not take are in sight again when their author unlocks, also after the clinic answered", async () => {
  const { clinic, local, who } = await lockedOverWords();
  const words = left();
  leave(who, words);
  expect(capturing.get()).toBe(false);
  clinic.network = "up";
  await local.session.unlock(PIN);
  await until(local.session, ({ state }) => state === "unlocked");
  expect(capturing.get()).toBe(true);
  expect(takeLeft()).toEqual(words);
  // Once they are on their page, nothing brings it up again.
  await local.session.lock();
  await local.session.unlock(PIN);
  expect(capturing.get()).toBe(false);
  expect(takeLeft()).toBeNull();
});

test("a colleague who unlocks in between sees nothing of them", async () => {
  const { local } = await lockedOverWords();
  leave(newId(), left());
  await local.session.unlock(PIN);
  expect(capturing.get()).toBe(false);
  expect(takeLeft()).toBeNull();
});
