import { expect, test } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import type { Local } from "../local.ts";
import { createValue } from "../value.ts";
import { markStanding } from "./mark-standing.ts";

/** A tablet of which only what the mark is made from is there. */
function tabletWith(waiting: number) {
  const outbox = createValue(Array.from({ length: waiting }, (_, n) => ({ n, status: "waiting" })));
  const local = {
    session: createValue({ state: "unlocked", deviceId: "018f0000-0000-7000-8000-000000000001" }),
    connection: createValue({ offlineSince: "2027-01-12T14:15:00.000Z" }),
    recordings: createValue([]),
    ofOthers: createValue(0),
    newest: async () => [],
    outbox,
  } as unknown as Local;
  return {
    local,
    writes: () => outbox.update((items) => [...items, { n: items.length, status: "waiting" }]),
  };
}

test("how the tablet stands is noted while somebody writes without a pause", async () => {
  let time = 0;
  const timers = new Set<{ at: number; task: () => void }>();
  const restore = useClock({
    monotonic: () => time,
    after(milliseconds, task) {
      const timer = { at: time + milliseconds, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  try {
    const { local, writes } = tabletWith(0);
    const noted: number[] = [];
    const end = markStanding(local, {
      read: () => null,
      write: (text) => noted.push((JSON.parse(text!) as { own: { waiting: number } }).own.waiting),
    });
    for (; time <= 2000; time += 100) {
      for (const timer of [...timers].filter(({ at }) => at <= time)) {
        timers.delete(timer);
        timer.task();
        await new Promise((resolve) => setTimeout(resolve));
      }
      writes();
    }
    end();
    expect(noted).toEqual([0, 5, 10, 15, 20]);
  } finally {
    restore();
  }
});
