import type { BugName } from "./bugs.ts";
import { bugNames, bugs } from "./bugs.ts";
import { addFaults, type FaultCounts, faultNames, faults, noFaults } from "./faults.ts";

export interface Failure {
  readonly seed: number;
  readonly violations: readonly string[];
  /** The shortest plan that was found to fail, in words. */
  readonly plan: readonly string[];
}

export interface BugFound {
  readonly found: boolean;
  /** The first seed that found it; null when none did. */
  readonly seed: number | null;
  readonly says: string;
  readonly violation: string | null;
}

/** Sums over all seeds of a run. */
export class Report {
  seeds = 0;
  captured = 0;
  seconds = 0;
  readonly faults: FaultCounts = noFaults();
  readonly failures: Failure[] = [];
  readonly bugs: Partial<Record<BugName, BugFound>> = {};

  add(played: { readonly faults: FaultCounts; readonly captured: number }): void {
    this.seeds++;
    this.captured += played.captured;
    addFaults(this.faults, played.faults);
  }

  get missed(): readonly BugName[] {
    return bugNames.filter((name) => this.bugs[name]?.found === false);
  }

  get good(): boolean {
    return this.failures.length === 0 && this.missed.length === 0;
  }

  toJson(): string {
    const { seeds, captured, seconds, failures } = this;
    return JSON.stringify({
      seeds,
      failures: failures.length,
      faults: this.faults,
      bugs: Object.fromEntries(
        Object.entries(this.bugs).map(([name, { found, seed, violation }]) => [
          name,
          { found, seed, violation },
        ]),
      ),
      captured,
      seconds: Math.round(seconds * 10) / 10,
      failed: failures.map(({ seed, violations, plan }) => ({
        seed,
        violations,
        replay: replay(seed),
        plan,
      })),
    });
  }

  *lines(): Generator<string> {
    for (const failure of this.failures) yield* describeFailure(failure);
    if (this.seeds > 0) {
      const rate = (this.seeds / this.seconds).toFixed(2);
      yield `${this.seeds} seeds, ${this.failures.length} failed, ${this.captured} changes made by people, ${rate} seeds/s`;
      for (const name of faultNames)
        yield `  ${name} ${String(this.faults[name]).padStart(6)} × ${faults[name]}`;
    }
    for (const name of bugNames) {
      const bug = this.bugs[name];
      if (!bug) continue;
      const where = bug.found ? `found by seed ${bug.seed}: ${bug.violation}` : "NOT FOUND";
      yield `  ${name} ${bugs[name].says}: ${where}`;
    }
  }
}

export const replay = (seed: number, bug: BugName | null = null): string =>
  `npm run simulate -- --seeds 1 --seed ${seed} ${bug ? `--bug ${bug}` : "--no-bugs"}`;

export function* describeFailure({ seed, violations, plan }: Failure): Generator<string> {
  yield `seed ${seed} failed:`;
  for (const violation of violations) yield `  ${violation}`;
  yield `  replay: ${replay(seed)}`;
  yield `  the shortest plan that was found to fail:`;
  for (const line of plan) yield `    ${line}`;
}
