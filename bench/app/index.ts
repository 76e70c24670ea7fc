import type { BenchRow } from "../../scripts/bench.ts";
import { measurePush } from "./push.ts";
import { measureStarts } from "./start.ts";
import { measureUnlock, measureWeight } from "./unlock.ts";
import { measureViews } from "./views.ts";

/** Medians over this many samples. */
const SAMPLES = 5;

const row = (name: string, value: number, unit: string, goal: string, met: boolean): BenchRow => ({
  row: name,
  value,
  unit,
  peer: null,
  peerValue: null,
  ratio: null,
  goal,
  met,
});

/** What a person waits for: the start, the unlock, the first load; and what the server takes in. */
export async function rows(): Promise<readonly BenchRow[]> {
  const start = await measureStarts(3);
  const weight = await measureWeight();
  const unlock = await measureUnlock(SAMPLES);
  const push = await measurePush(SAMPLES);
  const views = await measureViews();
  return [
    row("second start, AI node registered", start, "s", "≤ 10", start <= 10),
    row("PIN submitted to first Today row painted", unlock, "s", "≤ 1.5", unlock <= 1.5),
    row("JavaScript until Today is interactive, gzip", weight, "kB", "≤ 250", weight <= 250),
    row("push with rights, audit and marks, one client", push, "mutations/s", "≥ 200", push >= 200),
    row("rows on the device for the next three", views.rows, "rows", "≥ 10,000", views.rows >= 10_000),
    row(
      "chart, Today, finder: tap to frame, p95, CPU slowed 4 ×",
      views.p95,
      "ms",
      "≤ 100",
      views.p95 <= 100,
    ),
    row(
      "frames within 25 ms while a card is dragged, slowed 4 ×",
      views.frames * 100,
      "%",
      "≥ 95",
      views.frames >= 0.95,
    ),
    row("frame while a card is dragged, median, slowed 4 ×", views.frame, "ms", "≤ 17", views.frame <= 17),
  ];
}
