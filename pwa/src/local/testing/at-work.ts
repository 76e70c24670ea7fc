import { afterEach } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import type { FakeClinic } from "./fake-clinic.ts";
import { movableClock } from "./people.ts";
import { signInFresh, startTablet, type Tablet } from "./tablet.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Does something when the test is over, the last first. */
export const atTheEnd = (end: () => unknown): void => void ends.push(end);

export async function tabletAt(clinic: FakeClinic, options: Parameters<typeof startTablet>[1] = {}) {
  const tablet = await startTablet(clinic, options);
  atTheEnd(() => tablet.local.close());
  return tablet;
}

export async function unlockedAt(clinic: FakeClinic, options: Parameters<typeof startTablet>[1] = {}) {
  const tablet = await tabletAt(clinic, options);
  await signInFresh(tablet);
  await settled(tablet);
  return tablet;
}

/** Reads done, queue pushed, log pulled. */
export async function settled({ local }: Tablet) {
  await local.syncNow();
  await local.syncNow();
}

export function playClock() {
  const clock = movableClock();
  atTheEnd(useClock({ now: clock.now }));
  return clock;
}

export const families = (tablet: Tablet) => tablet.local.rows("patient", { sort: "familyName" });
