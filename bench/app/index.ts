import type { BenchRow } from "../../scripts/bench.ts";
import { measurePush } from "./push.ts";
import { measureStarts } from "./start.ts";
import { measureUnlock, measureWeight } from "./unlock.ts";

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
  return [
    row("second start, AI node registered", start, "s", "≤ 10", start <= 10),
    row("PIN submitted to first Today row painted", unlock, "s", "≤ 1.5", unlock <= 1.5),
    row("JavaScript until Today is interactive, gzip", weight, "kB", "≤ 250", weight <= 250),
    row("push with rights, audit and marks, one client", push, "mutations/s", "≥ 200", push >= 200),
  ];
}
