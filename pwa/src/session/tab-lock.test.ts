import { expect, onTestFinished, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { createTabLock, type TabEnds } from "./tab-lock.ts";

/** A tab of one browser, and what it went through. */
function tabOf(name: string, onAsked: () => Promise<void> = async () => {}) {
  const lived: string[] = [];
  const lock = createTabLock(navigator.locks, name);
  onTestFinished(() => lock.release());
  const ends: TabEnds = {
    async onAsked() {
      lived.push("asked");
      await onAsked();
      lived.push("saved");
    },
    onLost: () => void lived.push("lost"),
  };
  return { lock, lived, ends };
}

test("a second tab finds the first at work", async () => {
  const name = newId();
  const [first, second] = [tabOf(name), tabOf(name)];
  expect(await first.lock.acquire(first.ends)).toBe(true);
  expect(await second.lock.acquire(second.ends)).toBe(false);
  first.lock.release();
  await expect.poll(() => second.lock.acquire(second.ends)).toBe(true);
});

test("a tab that is asked saves first and then leaves, back and forth", async () => {
  const name = newId();
  let finish = () => {};
  const first = tabOf(name, () => new Promise((resolve) => (finish = resolve)));
  const second = tabOf(name);
  await first.lock.acquire(first.ends);
  const taken = second.lock.takeOver(second.ends);
  await expect.poll(() => first.lived).toEqual(["asked"]);
  expect(await tabOf(name).lock.acquire(second.ends)).toBe(false);
  finish();
  await taken;
  expect(first.lived).toEqual(["asked", "saved"]);
  await first.lock.takeOver(first.ends);
  expect(second.lived).toEqual(["asked", "saved"]);
});

test("a tab that does not answer loses the work", async () => {
  const name = newId();
  const frozen = tabOf(name, () => new Promise(() => {}));
  const second = tabOf(name);
  await frozen.lock.acquire(frozen.ends);
  await second.lock.takeOver(second.ends);
  expect(frozen.lived).toEqual(["asked", "lost"]);
  expect(second.lived).toEqual([]);
}, 15_000);
